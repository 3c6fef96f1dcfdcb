import { iso31661 } from 'iso-3166/1.js';
import type { Json } from '../support/service.js';

const countries = new Set(iso31661.map(({ alpha2 }) => alpha2));
const lengthOf = (text: string) => [...text].length;
const isPrintable = (text: string) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
const isText = (value: unknown, max: number, min = 1): value is string =>
  typeof value === 'string' &&
  lengthOf(value) >= min &&
  lengthOf(value) <= max &&
  isPrintable(value);
const isTrimmed = (value: unknown) => typeof value === 'string' && value === value.trim();

/** The rules of docs/api.md for a customer as it is stored, each by a name. */
const rules: Record<string, (row: Json, range: Range) => boolean> = {
  'id is of the service': ({ id }) => /^cust_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(id),
  'name has 3 to 255 printable characters': ({ name }) => isText(name, 255, 3),
  'name is trimmed': ({ name }) => isTrimmed(name),
  'e-mail is one, of at most 254': ({ email }) =>
    email === null ||
    (/^[\x21-\x7e]+@[\x21-\x7e]+\.[\x21-\x7e]+$/.test(email) && email.length <= 254),
  'external id has 1 to 255': (row) => row.external_id === null || isText(row.external_id, 255),
  'source platform has 1 to 255': ({ source_platform: platform }) =>
    platform === null || (isText(platform, 255) && isTrimmed(platform)),
  'source platform id has 1 to 255': ({ source_platform_id: id }) => id === null || isText(id, 255),
  'version is 1 or more': ({ version }) => Number.isInteger(version) && version >= 1,
  'version 1 was never changed': (row) => row.version > 1 || row.updated_at === row.created_at,
  'created while the service ran': ({ created_at: at }, range) =>
    at >= range.from && at <= range.to,
  'changed after it was created': (row, range) =>
    row.updated_at >= row.created_at && row.updated_at <= range.to,
  'address has six lines, one of them filled': ({ shipping_address: json }) => {
    if (json === null) return true;
    const { country, ...address } = JSON.parse(json);
    const lines = Object.values(address);
    return (
      Object.keys(address).sort().join() === 'city,line1,line2,postalCode,state' &&
      [...lines, country].some((line) => line !== null) &&
      lines.every((line) => line === null || (isText(line, 255) && isTrimmed(line))) &&
      (address.postalCode === null || lengthOf(address.postalCode) <= 32) &&
      (country === null || countries.has(country))
    );
  },
};

/** In ms since the epoch. */
type Range = { from: number; to: number };

/** Which rules the rows break, with the rows; none for none. */
export function brokenRules(rows: Json[], range: Range): string[] {
  return Object.entries(rules).flatMap(([name, holds]) =>
    rows
      .filter((row) => !holds(row, range))
      .map((row) => `${name}: ${JSON.stringify(row)}`)
      .slice(0, 5),
  );
}
