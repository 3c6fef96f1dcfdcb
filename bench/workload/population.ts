import { reference } from './reference.js';

/**
 * Customers as different from each other as real ones are, and the same in every run. Some share
 * what lists are filtered by: five a surname, five a small platform.
 */

const firstNames = [
  ...['Ada', 'Bram', 'Chiara', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hana', 'Ines', 'Jonas'],
  ...['Keiko', 'Lena', 'Mateo', 'Nadia', 'Omar', 'Priya', 'Quentin', 'Rosa', 'Sven', 'Tariq'],
  ...['Ulla', 'Vera', 'Wanda', 'Ximena', 'Yusuf', 'Zofia', 'Anouk', 'Björn', 'Chloé', 'Dörte'],
  ...['Émile', 'Fatou', 'Goran', 'Hiroshi', 'Ivana', 'José', 'Kofi'],
];
const syllables = [
  ...['ba', 'co', 'da', 'fe', 'go', 'hi', 'ja', 'ko', 'la', 'mu', 'ne', 'po'],
  ...['ra', 'si', 'ta', 'vo', 'wi', 'xe', 'ya', 'zu', 'be', 'di', 'ma', 'lo'],
];
const domains = ['example.com', 'mail.example.org', 'shop.example.net', 'example.co'];
const platforms = ['shopify', 'woocommerce', 'magento', 'bigcommerce'];
const cities = [
  { city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' },
  { city: 'Lyon', state: null, postalCode: '69002', country: 'FR' },
  { city: 'Leipzig', state: 'SN', postalCode: '04109', country: 'DE' },
  { city: 'Ōsaka', state: null, postalCode: '530-0001', country: 'JP' },
];

/** How many share a surname, or a small platform. */
const shared = 5;

export type Person = ReturnType<typeof person>;

/** The customer at an index of a population of that size. */
export function person(index: number, size: number) {
  const first = of(firstNames, index);
  const surname = surnameOf(index % Math.ceil(size / shared));
  return {
    corporationId: reference.corporationId as string,
    name: `${first} ${surname}`,
    email: `${plain(first)}.${surname.toLowerCase()}.${index}@${of(domains, index)}`,
    externalId: `person_${index}`,
    sourcePlatform:
      index % 100 === 0 ? `erp-${Math.floor(index / (100 * shared))}` : of(platforms, index),
    sourcePlatformId: String(7_000_000_000 + index),
    shippingAddress: { line1: `${(index % 900) + 1} Main St`, ...of(cities, index) },
  };
}

/** One that is found by a part of the name, with few others. */
export function searchTerm(index: number, size: number): string {
  return surnameOf(index % Math.ceil(size / shared)).toLowerCase();
}

/** A population as `clientele import` reads it, in pieces. */
export async function* inNdjson(size: number): AsyncGenerator<string> {
  const piece = 1000;
  for (let from = 0; from < size; from += piece) {
    const to = Math.min(from + piece, size);
    yield Array.from({ length: to - from }, (_, n) => toLine(person(from + n, size))).join('');
  }
}

function toLine({ shippingAddress, ...person }: Person): string {
  const { postalCode, ...lines } = shippingAddress;
  return `${JSON.stringify({
    corporation_id: person.corporationId,
    name: person.name,
    email: person.email,
    external_id: person.externalId,
    source_platform: person.sourcePlatform,
    source_platform_id: person.sourcePlatformId,
    shipping_address: { ...lines, postal_code: postalCode },
  })}\n`;
}

/** Four syllables, so that none is a part of another. */
function surnameOf(number: number): string {
  // By a factor that shares none with the number of surnames, so that neighbours are not alike.
  let rest = (number * 7919) % syllables.length ** 4;
  let surname = '';
  for (let n = 0; n < 4; n++) {
    surname += of(syllables, rest);
    rest = Math.floor(rest / syllables.length);
  }
  return surname.charAt(0).toUpperCase() + surname.slice(1);
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\P{ASCII}/gu, '')
    .toLowerCase();
}

function of<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
