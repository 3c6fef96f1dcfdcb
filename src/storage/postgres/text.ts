/** Whether PostgreSQL can hold the text; what it cannot hold names nothing. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}
