import { and, asc, count, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { fold } from './fold.js';
import type { SearchIndex } from './searchIndex.js';
import type { Customer, CustomerFilter, CustomerPosition, Scan } from './storage.js';
import { customerColumns, customerCounts, customers } from './tables.js';

/** A corporation of so many customers is scanned as fast as it is looked up. */
const smallCorporation = 2000;

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
        matches(db, searchIndex, corporationId, filter),
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
  if (!isFiltered(filter)) return countAll(db, corporationId);
  const matching = db
    .select({ count: count() })
    .from(customers)
    .where(matches(db, searchIndex, corporationId, filter));
  return matching.get()?.count ?? 0;
}

function countAll(db: BetterSQLite3Database, corporationId: string): number {
  const kept = db
    .select()
    .from(customerCounts)
    .where(eq(customerCounts.corporationId, corporationId));
  return kept.get()?.count ?? 0;
}

function isFiltered(filter: CustomerFilter): boolean {
  return Object.values(filter).some((wanted) => wanted !== null);
}

function matches(
  db: BetterSQLite3Database,
  searchIndex: SearchIndex,
  corporationId: string,
  filter: CustomerFilter,
): SQL | undefined {
  const { name, search, email, externalId, sourcePlatforms, sourcePlatformIds } = filter;
  const candidates = isWorthTheIndex(db, corporationId, filter)
    ? searchIndex.candidates(corporationId, filter)
    : null;
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

function isWorthTheIndex(
  db: BetterSQLite3Database,
  corporationId: string,
  filter: CustomerFilter,
): boolean {
  // An external id names one customer at most, and has an index of its own.
  if (!isFiltered(filter) || filter.externalId !== null) return false;
  return countAll(db, corporationId) > smallCorporation;
}
