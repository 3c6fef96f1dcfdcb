/**
 * Text in the form in which letter case, and the several ways in which Unicode writes one letter,
 * make no difference. SQLite's own `lower` and `like` know ASCII only.
 */
export function fold(text: string): string {
  // Upper case first: it is what makes "ß" and "SS", or the two forms of a sigma, the same.
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
