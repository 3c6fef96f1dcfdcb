import { and, asc, count, desc, eq, gt, inArray, like, lt, type SQL, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { fold } from '../fold.js';
import type { CustomerFilter, CustomerPosition, CustomerStore, Scan } from '../storage.js';
import type { Run } from './run.js';
import { select } from './statement.js';
import { customerColumns, customers } from './tables.js';

/**
 * The lists of customers. Which index helps is the planner's to say; a part of a name has one where
 * the extension pg_trgm is to be had. Totals are counted over an index, and so take longer the more
 * there are: a count that is kept would make all who write to a corporation wait for each other.
 */
export function createCustomerScan(
  db: PgDatabase<PgQueryResultHKT>,
  run: Run,
): Pick<CustomerStore, 'scan' | 'count'> {
  return {
    scan(corporationId, filter, { limit, order, ...range }) {
      const sorted = order === 'ascending' ? asc : desc;
      const query = db
        .select(customerColumns)
        .from(customers)
        .where(and(matches(corporationId, filter), within({ order, ...range })))
        .orderBy(sorted(customers.id))
        .limit(limit);
      return run.read((client) => select(client, customerColumns, query));
    },

    async count(corporationId, filter) {
      const query = db
        .select({ count: count() })
        .from(customers)
        .where(matches(corporationId, filter));
      const { sql, params } = query.toSQL();
      const [row] = await run.read((client) =>
        client.unsafe<[{ count: string }]>(sql, params as never[]),
      );
      return Number(row.count);
    },
  };
}

function within({ order, from, to }: Omit<Scan<CustomerPosition>, 'limit'>): SQL | undefined {
  const [behind, before] = order === 'ascending' ? [gt, lt] : [lt, gt];
  return and(
    from === null ? undefined : behind(customers.id, from),
    to === null ? undefined : before(customers.id, to),
  );
}

function matches(corporationId: string, filter: CustomerFilter): SQL | undefined {
  const { name, search, email, externalId, sourcePlatforms, sourcePlatformIds } = filter;
  return and(
    eq(customers.corporationId, corporationId),
    name === null ? undefined : eq(customers.name, name),
    search === null ? undefined : hasPart(fold(search)),
    email === null ? undefined : eq(customers.email, email),
    externalId === null ? undefined : eq(customers.externalId, externalId),
    sourcePlatforms ? inArray(customers.sourcePlatform, sourcePlatforms) : undefined,
    sourcePlatformIds ? inArray(customers.sourcePlatformId, sourcePlatformIds) : undefined,
  );
}

/** Three letters or digits in a row: what the index of parts of names goes by. */
const trigram = /[\p{L}\p{N}]{3}/u;

/**
 * Whether a name has that in it. Where the index cannot tell it is kept out, for YugabyteDB would ask it
 * all the same, and fail.
 */
function hasPart(part: string): SQL {
  const name = trigram.test(part) ? customers.foldedName : sql`${customers.foldedName} || ''`;
  return like(name, `%${part.replace(/[\\%_]/g, '\\$&')}%`);
}
