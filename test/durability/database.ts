import { isDeepStrictEqual } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { fold } from '../../src/storage/fold.js';
import type { Json } from '../support/service.js';
import type { Faults } from './ledger.js';

/** A customer as it is in the file; `asAnswered` is what GraphQL answers of it. */
export type Row = Json & { id: string; version: number; asAnswered: Json };

export type Contents = {
  /** Newest first, as they are listed. */
  rows: Row[];
  records: { operation: string; key: string; answer: string }[];
};

/**
 * What is in the file, seen through a second connection in one snapshot. What does not agree with
 * itself there is added to the faults.
 */
export function readDatabase(path: string, faults: Faults): Contents {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  try {
    sqlite.exec('begin');
    const integrity = sqlite.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') faults.add('other', `integrity_check says ${integrity}`);
    const orphans = sqlite.pragma('foreign_key_check') as unknown[];
    if (orphans.length > 0) faults.add('other', `${orphans.length} rows refer to nothing`);

    const rows = (sqlite.prepare('select * from customers order by id desc').all() as Json[]).map(
      toRow,
    );
    checkCounts(sqlite, faults);
    checkIndex(sqlite, rows, faults);
    return {
      rows,
      records: sqlite
        .prepare('select operation, key, answer from idempotency_records')
        .all() as Contents['records'],
    };
  } finally {
    sqlite.close();
  }
}

/** A row as the database has it: times in ms since 1970, JSON as text. */
export function toRow(raw: Json): Row {
  const customer = {
    id: raw.id,
    corporationId: raw.corporation_id,
    name: raw.name,
    email: raw.email,
    externalId: raw.external_id,
    shippingAddress: JSON.parse(raw.shipping_address),
    sourcePlatform: raw.source_platform,
    sourcePlatformId: raw.source_platform_id,
    version: raw.version,
  };
  const asAnswered = {
    ...customer,
    createdAt: new Date(raw.created_at).toISOString(),
    updatedAt: new Date(raw.updated_at).toISOString(),
  };
  return { ...customer, seq: raw.seq, asAnswered };
}

/** Each corporation must have as many customers as are counted, up to where they are. */
function checkCounts(sqlite: BetterSqlite3.Database, faults: Faults): void {
  const wrong = sqlite
    .prepare(
      `with counted as (select * from customers
         where seq <= (select counted_through from customer_counts_state))
       select corporation_id, count, (select count(*) from counted
         where counted.corporation_id = customer_counts.corporation_id) as there
       from customer_counts where count <> there
       union all select corporation_id, null, count(*) from counted
       where corporation_id not in (select corporation_id from customer_counts) group by 1`,
    )
    .all();
  for (const count of wrong) faults.add('other', `customer_counts: ${JSON.stringify(count)}`);
}

/** Each customer up to where the index goes must be in it with all its terms, and no other. */
function checkIndex(sqlite: BetterSqlite3.Database, rows: Row[], faults: Faults): void {
  const through = sqlite.prepare('select indexed_through from search_index_state').pluck().get();
  const indexed = rows.filter(({ seq }) => seq <= Number(through));
  const expected = {
    customer_names: (row: Row) => trigrams(fold(row.name)),
    customer_words: (row: Row) =>
      [
        `name ${row.name}`,
        ...(row.email === null ? [] : [`email ${row.email}`]),
        ...(row.sourcePlatform === null ? [] : [`sourcePlatform ${row.sourcePlatform}`]),
        `sourcePlatformId ${row.sourcePlatformId}`,
      ].map((value) =>
        `${row.corporationId} ${value}`.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
      ),
  };
  for (const [table, termsOf] of Object.entries(expected)) {
    sqlite.exec(
      `create virtual table temp.${table}_terms using fts5vocab(main, ${table}, instance)`,
    );
    const found = sqlite.prepare(`select doc, term from ${table}_terms`).all() as {
      doc: number;
      term: string;
    }[];
    const byDocument = groupBy(found, ({ doc }) => doc);
    for (const row of indexed) {
      const terms = byDocument.get(row.seq)?.map(({ term }) => term) ?? [];
      byDocument.delete(row.seq);
      if (!isDeepStrictEqual(new Set(termsOf(row)), new Set(terms))) {
        faults.add('other', `${table} has ${terms.join('|')} of ${row.name}`);
      }
    }
    if (byDocument.size > 0) {
      faults.add('other', `${table} has ${byDocument.size} customers that are not there`);
    }
  }
}

function trigrams(text: string): string[] {
  const characters = [...text];
  return characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
}

export function groupBy<K, T>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
