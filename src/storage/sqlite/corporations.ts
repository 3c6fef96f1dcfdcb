import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type {
  Corporation,
  CorporationPosition,
  CorporationStore,
  InsertCorporationOutcome,
  Scan,
} from '../storage.js';
import { brokenConstraint } from './faults.js';
import type { SettleClaim } from './idempotency.js';
import type { Reader } from './reader.js';
import { type Connection, prepareGet, prepareRun } from './statement.js';
import { corporations } from './tables.js';
import type { Writer } from './writer.js';

export function createCorporationStore(
  db: Connection,
  reader: Reader,
  writer: Writer,
  settleClaim: SettleClaim,
): CorporationStore {
  const selectById = prepareGet(
    db,
    getTableColumns(corporations),
    db
      .select()
      .from(corporations)
      .where(eq(corporations.id, sql.placeholder('id'))),
  );
  const insert = prepareRun(
    db,
    db.insert(corporations).values({
      id: sql.placeholder('id'),
      legalName: sql.placeholder('legalName'),
      jurisdiction: sql.placeholder('jurisdiction'),
      createdAt: sql.placeholder('createdAt'),
    }),
  );

  function tryInsert(
    corporation: Corporation,
  ): Exclude<InsertCorporationOutcome, { outcome: 'key-mismatch' }> {
    try {
      insert(corporation);
      return { outcome: 'written', record: corporation, replayed: false };
    } catch (error) {
      if (brokenConstraint(error) === 'unique') return { outcome: 'id-taken' };
      throw error;
    }
  }

  return {
    byId: (id) => reader.read(() => selectById({ id })),
    scan: (among, scan) => reader.read(() => scanCorporations(db, among, scan)),
    count: (among) => reader.read(() => db.$count(corporations, isAmong(among))),
    insert: (corporation, claim) =>
      writer.write(() => settleClaim(claim, () => tryInsert(corporation))),
  };
}

function scanCorporations(
  db: BetterSQLite3Database,
  among: string[] | null,
  { order, from, to, limit }: Scan<CorporationPosition>,
): Corporation[] {
  const ascending = order === 'ascending';
  const sorted = ascending ? asc : desc;
  return db
    .select()
    .from(corporations)
    .where(
      and(
        isAmong(among),
        from ? isBeyond(from, ascending ? '>' : '<') : undefined,
        to ? isBeyond(to, ascending ? '<' : '>') : undefined,
      ),
    )
    .orderBy(sorted(corporations.createdAt), sorted(corporations.id))
    .limit(limit)
    .all();
}

function isAmong(ids: string[] | null) {
  return ids ? inArray(corporations.id, ids) : undefined;
}

function isBeyond({ createdAt, id }: CorporationPosition, compare: '<' | '>') {
  return sql`(${corporations.createdAt}, ${corporations.id}) ${sql.raw(compare)} (${createdAt}, ${id})`;
}
