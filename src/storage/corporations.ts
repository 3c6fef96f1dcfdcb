import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { brokenConstraint } from './faults.js';
import type { SettleClaim } from './idempotency.js';
import type {
  Corporation,
  CorporationPosition,
  CorporationStore,
  InsertCorporationOutcome,
} from './storage.js';
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

  const isAmong = (ids: string[] | null) => (ids ? inArray(corporations.id, ids) : undefined);

  return {
    byId: async (id) => selectById.get({ id }) ?? null,
    async scan(among, { order, from, to, limit }) {
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
    },
    count: async (among) => db.$count(corporations, isAmong(among)),
    insert: (corporation, claim) =>
      writer.write(() => settleClaim(claim, () => tryInsert(corporation))),
  };
}

function isBeyond({ createdAt, id }: CorporationPosition, compare: '<' | '>') {
  return sql`(${corporations.createdAt}, ${corporations.id}) ${sql.raw(compare)} (${createdAt}, ${id})`;
}
