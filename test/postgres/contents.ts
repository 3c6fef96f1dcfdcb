import { type Contents, toRow } from '../durability/database.js';
import { rowsOf } from '../support/database.js';

/** What is in a database on which nothing is at work, as the ledger compares it. */
export async function readContents(url: string): Promise<Contents> {
  const rows = await rowsOf(url, 'select * from customers order by id collate "C" desc');
  const records = await rowsOf(url, 'select operation, key, answer from idempotency_records');
  return { rows: rows.map(toRow), records: records as Contents['records'] };
}
