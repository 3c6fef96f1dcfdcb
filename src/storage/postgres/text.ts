/** Neither NUL nor half of a surrogate pair is text to PostgreSQL; the driver would send another for it. */
const unstorable = /[\0\p{Cs}]/u;

/** Whether PostgreSQL can hold the text; what it cannot hold names nothing. */
export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}
