import { asc, eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { brokenConstraint } from './faults.js';
import type { SettleClaim } from './idempotency.js';
import type { Corporation, CorporationStore, InsertCorporationOutcome } from './storage.js';
import { corporations } from './tables.js';
import type { Writer } from './writer.js';

export function createCorporationStore(
  db: BetterSQLite3Database,
  writer: Writer,
  settleClaim: SettleClaim,
): CorporationStore {
  const selectById = db
    .select()
    .from(corporations)
    .where(eq(corporations.id, sql.placeholder('id')))
    .prepare();
  const selectAll = db
    .select()
    .from(corporations)
    .orderBy(asc(corporations.createdAt), asc(corporations.id))
    .prepare();
  const insert = db
    .insert(corporations)
    .values({
      id: sql.placeholder('id'),
      legalName: sql.placeholder('legalName'),
      jurisdiction: sql.placeholder('jurisdiction'),
      createdAt: sql.placeholder('createdAt'),
    })
    .prepare();

  function tryInsert(
    corporation: Corporation,
  ): Exclude<InsertCorporationOutcome, { outcome: 'key-mismatch' }> {
    try {
      insert.run(corporation);
      return { outcome: 'written', record: corporation, replayed: false };
    } catch (error) {
      if (brokenConstraint(error) === 'unique') return { outcome: 'id-taken' };
      throw error;
    }
  }

  return {
    byId: async (id) => selectById.get({ id }) ?? null,
    all: async () => selectAll.all(),
    insert: (corporation, claim) =>
      writer.write(() => settleClaim(claim, () => tryInsert(corporation))),
  };
}
