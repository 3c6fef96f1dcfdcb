import { and, asc, desc, eq, gt, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { fold } from './fold.js';
import type { Customer, CustomerFilter, CustomerPosition, Scan } from './storage.js';
import { customers } from './tables.js';

export function scanCustomers(
  db: BetterSQLite3Database,
  corporationId: string,
  filter: CustomerFilter,
  { order, from, to, limit }: Scan<CustomerPosition>,
): Customer[] {
  const [behind, before, sorted] = order === 'ascending' ? [gt, lt, asc] : [lt, gt, desc];
  return db
    .select()
    .from(customers)
    .where(
      and(
        matches(corporationId, filter),
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
  corporationId: string,
  filter: CustomerFilter,
): Promise<number> {
  return db.$count(customers, matches(corporationId, filter));
}

function matches(corporationId: string, filter: CustomerFilter): SQL | undefined {
  const { name, search, email, externalId, sourcePlatforms, sourcePlatformIds } = filter;
  return and(
    eq(customers.corporationId, corporationId),
    name === null ? undefined : eq(customers.name, name),
    search === null ? undefined : sql`instr(fold(${customers.name}), ${fold(search)}) > 0`,
    email === null ? undefined : eq(customers.email, email),
    externalId === null ? undefined : eq(customers.externalId, externalId),
    sourcePlatforms ? inArray(customers.sourcePlatform, sourcePlatforms) : undefined,
    sourcePlatformIds ? inArray(customers.sourcePlatformId, sourcePlatformIds) : undefined,
  );
}
