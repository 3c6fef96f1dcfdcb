/** The formats of files of customers, in the REST spelling. */
export const formats = ['ndjson', 'csv'] as const;

export type Format = (typeof formats)[number];

/** The columns of CSV; a dot leads into the address, as in the paths of issues. */
export const columns = [
  'id',
  'corporation_id',
  'name',
  'email',
  'external_id',
  'shipping_address.line1',
  'shipping_address.line2',
  'shipping_address.city',
  'shipping_address.state',
  'shipping_address.postal_code',
  'shipping_address.country',
  'source_platform',
  'source_platform_id',
] as const;

/** The format that the name of a file tells, or null. */
export function formatOf(file: string): Format | null {
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'ndjson';
  return /\.csv$/i.test(file) ? 'csv' : null;
}
