import { and, asc, count, desc, eq, gt, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { fold } from '../fold.js';
import type {
  Customer,
  CustomerFilter,
  CustomerPosition,
  CustomerStore,
  Scan,
} from '../storage.js';
import type { Counts } from './counts.js';
import type { Reader } from './reader.js';
import type { SearchIndex } from './searchIndex.js';
import { customerColumns, customers } from './tables.js';

/** A corporation of so many customers is scanned as fast as it is looked up. */
const smallCorporation = 2000;

/** Customers that are looked at in one turn of the event loop, which stands still meanwhile. */
const windowSize = 4000;

type Range = Pick<Scan<CustomerPosition>, 'order' | 'from' | 'to'>;

/** The lists of customers: through the search index where it helps, or one by one. */
export function createCustomerScan(
  db: BetterSQLite3Database,
  reader: Reader,
  searchIndex: SearchIndex,
  counts: Counts,
): Pick<CustomerStore, 'scan' | 'count'> {
  const waiting: (() => void)[] = [];

  return {
    async scan(corporationId, filter, { limit, ...range }) {
      const among = await whereOf(corporationId, filter);
      if (!among.oneByOne) return reader.read(() => select(among.where, range, limit));
      const found: Customer[] = [];
      for await (const window of windows(corporationId, range)) {
        const wanted = limit - found.length;
        found.push(...(await reader.read(() => select(and(among.where, window), range, wanted))));
        if (found.length === limit) break;
      }
      return found;
    },

    async count(corporationId, filter) {
      if (!isFiltered(filter)) return reader.read(() => counts.ofCorporation(corporationId));
      const among = await whereOf(corporationId, filter);
      if (!among.oneByOne) return reader.read(() => countThose(among.where));
      let total = 0;
      const everyone: Range = { order: 'ascending', from: null, to: null };
      for await (const window of windows(corporationId, everyone)) {
        total += await reader.read(() => countThose(and(among.where, window)));
      }
      return total;
    },
  };

  function select(where: SQL | undefined, range: Range, limit: number): Customer[] {
    const sorted = range.order === 'ascending' ? asc : desc;
    return db
      .select(customerColumns)
      .from(customers)
      .where(and(where, within(range)))
      .orderBy(sorted(customers.id))
      .limit(limit)
      .all();
  }

  function countThose(where: SQL | undefined): number {
    return db.select({ count: count() }).from(customers).where(where).get()?.count ?? 0;
  }

  /** What matches the filter, and whether every customer has to be looked at for it. */
  function whereOf(corporationId: string, filter: CustomerFilter) {
    return reader.read(() => {
      // An external id names one customer at most, and has an index of its own.
      const narrow = !isFiltered(filter) || filter.externalId !== null;
      const large = !narrow && counts.ofCorporation(corporationId) > smallCorporation;
      const candidates = large ? searchIndex.candidates(corporationId, filter) : null;
      return {
        where: and(ofCorporation(corporationId, candidates), matches(filter)),
        oneByOne: large && !candidates,
      };
    });
  }

  /** Resolves in a turn of the event loop in which no other scan has its own. */
  function ownTurn(): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(nextTurn);
    });
  }

  function nextTurn(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(nextTurn);
  }

  /** The range in parts, one for each turn of the event loop. */
  async function* windows(corporationId: string, range: Range): AsyncGenerator<SQL | undefined> {
    const [notBeyond, sorted] = range.order === 'ascending' ? [lte, asc] : [gte, desc];
    let { from } = range;
    do {
      await ownTurn();
      const last = await reader.read(() =>
        db
          .select({ id: customers.id })
          .from(customers)
          .where(and(eq(customers.corporationId, corporationId), within({ ...range, from })))
          .orderBy(sorted(customers.id))
          .limit(1)
          .offset(windowSize - 1)
          .get(),
      );
      yield and(within({ ...range, from }), last ? notBeyond(customers.id, last.id) : undefined);
      from = last?.id ?? null;
    } while (from !== null);
  }
}

function within({ order, from, to }: Range): SQL | undefined {
  const [behind, before] = order === 'ascending' ? [gt, lt] : [lt, gt];
  return and(
    from === null ? undefined : behind(customers.id, from),
    to === null ? undefined : before(customers.id, to),
  );
}

function isFiltered(filter: CustomerFilter): boolean {
  return Object.values(filter).some((wanted) => wanted !== null);
}

function ofCorporation(corporationId: string, candidates: number[] | null): SQL {
  if (!candidates) return eq(customers.corporationId, corporationId);
  // The plus keeps SQLite from going through the whole corporation instead.
  return sql`${customers.seq} in (select value from json_each(${JSON.stringify(candidates)})) and +${customers.corporationId} = ${corporationId}`;
}

function matches(filter: CustomerFilter): SQL | undefined {
  const { name, search, email, externalId, sourcePlatforms, sourcePlatformIds } = filter;
  return and(
    name === null ? undefined : eq(customers.name, name),
    search === null ? undefined : sql`instr(fold(${customers.name}), ${fold(search)}) > 0`,
    email === null ? undefined : eq(customers.email, email),
    externalId === null ? undefined : eq(customers.externalId, externalId),
    sourcePlatforms ? inArray(customers.sourcePlatform, sourcePlatforms) : undefined,
    sourcePlatformIds ? inArray(customers.sourcePlatformId, sourcePlatformIds) : undefined,
  );
}
