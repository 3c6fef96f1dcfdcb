import { and, asc, count, desc, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type {
  Corporation,
  CorporationPosition,
  CorporationStore,
  IdempotencyClaim,
  InsertCorporationOutcome,
} from '../storage.js';
import { brokenUnique } from './faults.js';
import { type Idempotency, settledBy } from './idempotency.js';
import { createLookup } from './lookup.js';
import type { Resolved } from './resolved.js';
import type { Run } from './run.js';
import { isOneOf, prepare, prepareRun, select } from './statement.js';
import { corporations } from './tables.js';
import { isStorable } from './text.js';
import type { WriteQueue } from './writeQueue.js';

const columns = getTableColumns(corporations);

export function createCorporationStore(
  db: PgDatabase<PgQueryResultHKT>,
  run: Run,
  queue: WriteQueue,
  idempotency: Idempotency,
  resolved: Resolved,
): CorporationStore {
  const selectByIds = prepare(
    columns,
    db.select().from(corporations).where(isOneOf(corporations.id, 'ids')),
  );
  const findById = createLookup(
    (ids) => run.read((client) => selectByIds(client, { ids })),
    ({ id }) => id,
  );
  const insertOne = prepareRun(
    db.insert(corporations).values({
      id: sql.placeholder('id'),
      legalName: sql.placeholder('legalName'),
      jurisdiction: sql.placeholder('jurisdiction'),
      createdAt: sql.placeholder('createdAt'),
    }),
  );

  async function insert(
    corporation: Corporation,
    claim: IdempotencyClaim | null,
  ): Promise<InsertCorporationOutcome> {
    try {
      return await run.transaction(async (transaction) => {
        const record = claim && (await idempotency.find(transaction, claim));
        if (record && claim) return settledBy<Corporation>(record, claim);
        await Promise.all([
          insertOne(transaction, corporation),
          claim && idempotency.keep(transaction, claim, corporation),
        ]);
        return { outcome: 'written', record: corporation, replayed: false };
      });
    } catch (error) {
      if (brokenUnique(error) !== null) return { outcome: 'id-taken' };
      throw error;
    }
  }

  return {
    byId: async (id) => (isStorable(id) ? findById(id) : null),

    scan(among, { order, from, to, limit }) {
      const ascending = order === 'ascending';
      const sorted = ascending ? asc : desc;
      const query = db
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
        .limit(limit);
      return run.read((client) => select(client, columns, query));
    },

    async count(among) {
      const query = db.select({ count: count() }).from(corporations).where(isAmong(among));
      const { sql, params } = query.toSQL();
      const [row] = await run.read((client) =>
        client.unsafe<[{ count: string }]>(sql, params as never[]),
      );
      return Number(row.count);
    },

    insert: (corporation, claim) =>
      queue.write(() =>
        resolved<Corporation, InsertCorporationOutcome>(claim, () => insert(corporation, claim)),
      ),
  };
}

function isAmong(ids: string[] | null): SQL | undefined {
  return ids ? inArray(corporations.id, ids) : undefined;
}

function isBeyond(position: CorporationPosition, compare: '<' | '>'): SQL {
  const createdAt = sql.param(position.createdAt, corporations.createdAt);
  return sql`(${corporations.createdAt}, ${corporations.id}) ${sql.raw(compare)} (${createdAt}::timestamptz, ${position.id})`;
}
