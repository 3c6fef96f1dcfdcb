/**
 * Text in the form in which letter case, and the several ways in which Unicode writes one letter,
 * make no difference. SQLite's own `lower` and `like` know ASCII only.
 */
export function fold(text: string): string {
  // Lower case makes "ß" of "ẞ", and upper case then "SS" of that, and one of the forms of sigma.
  return text.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
}
