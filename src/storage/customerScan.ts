import { and, asc, count, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { fold } from './fold.js';
import type { SearchIndex } from './searchIndex.js';
import type { Customer, CustomerFilter, CustomerPosition, Scan } from './storage.js';
import { customerColumns, customerCounts, customers } from './tables.js';

export function scanCustomers(
  db: BetterSQLite3Database,
  searchIndex: SearchIndex,
  corporationId: string,
  filter: CustomerFilter,
  { order, from, to, limit }: Scan<CustomerPosition>,
): Customer[] {
  const [behind, before, sorted] = order === 'ascending' ? [gt, lt, asc] : [lt, gt, desc];
  return db
    .select(customerColumns)
    .from(customers)
    .where(
      and(
        matches(searchIndex, corporationId, filter),
        from === null ? undefined : behind(customers.id, from),
        to === null ? undefined : before(customers.id, to),
      ),
    )
    .orderBy(sorted(customers.id))
    .limit(limit)
    .all();
}

export function countCustomers(
  db: BetterSQLite3Database,
  searchIndex: SearchIndex,
  corporationId: string,
  filter: CustomerFilter,
): number {
  if (Object.values(filter).some((wanted) => wanted !== null)) {
    const matching = db
      .select({ count: count() })
      .from(customers)
      .where(matches(searchIndex, corporationId, filter));
    return matching.get()?.count ?? 0;
  }
  const kept = db
    .select()
    .from(customerCounts)
    .where(eq(customerCounts.corporationId, corporationId));
  return kept.get()?.count ?? 0;
}

function matches(
  searchIndex: SearchIndex,
  corporationId: string,
  filter: CustomerFilter,
): SQL | undefined {
  const { name, search, email, externalId, sourcePlatforms, sourcePlatformIds } = filter;
  // An external id names one customer at most, and has an index of its own.
  const candidates = externalId === null ? searchIndex.candidates(corporationId, filter) : null;
  return and(
    candidates
      ? // The plus keeps SQLite from going through the whole corporation instead.
        sql`${customers.seq} in (select value from json_each(${JSON.stringify(candidates)})) and +${customers.corporationId} = ${corporationId}`
      : eq(customers.corporationId, corporationId),
    name === null ? undefined : eq(customers.name, name),
    search === null ? undefined : sql`instr(fold(${customers.name}), ${fold(search)}) > 0`,
    email === null ? undefined : eq(customers.email, email),
    externalId === null ? undefined : eq(customers.externalId, externalId),
    sourcePlatforms ? inArray(customers.sourcePlatform, sourcePlatforms) : undefined,
    sourcePlatformIds ? inArray(customers.sourcePlatformId, sourcePlatformIds) : undefined,
  );
}
