import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import { UnavailableError } from '../../errors.js';
import { fold } from '../fold.js';
import type { Customer, CustomerFilter } from '../storage.js';
import type { Writer } from './writer.js';

/** What the index holds of a customer. */
type Indexed = Pick<
  Customer,
  'corporationId' | 'name' | 'email' | 'sourcePlatform' | 'sourcePlatformId'
>;

export type SearchIndex = ReturnType<typeof createSearchIndex>;

/**
 * Customers that are indexed at once. FTS5 takes 8 µs for each of so many, and 20 and more for one
 * alone; the event loop stands still for as long as a batch takes.
 */
const batchSize = 500;

/** More candidates than this are not rare: a scan in order meets a page of them sooner. */
const maxCandidates = 10_000;

/**
 * The index behind the filters of lists: two full-text tables, one of the trigrams of names for
 * parts of them, and one of whole values. It says which customers may match; whether they do is
 * for the query that asks. A create does not pay for it: customers are indexed later, in batches,
 * and those that are not yet are all candidates. The SQL is written by hand, for Drizzle knows no
 * virtual tables, and would take as long to read a batch as FTS5 to index it.
 */
export function createSearchIndex(sqlite: Database, writer: Writer) {
  const selectState = sqlite
    .prepare<[], number>('select indexed_through from search_index_state')
    .pluck();
  const updateState = sqlite.prepare<[number]>('update search_index_state set indexed_through = ?');
  const selectBatch = sqlite.prepare<[number], Indexed & { seq: number }>(
    `select seq, corporation_id as corporationId, name, email, source_platform as sourcePlatform,
       source_platform_id as sourcePlatformId
     from customers where seq > ? order by seq limit ${batchSize}`,
  );
  const selectSeq = sqlite
    .prepare<[string], number>('select seq from customers where id = ?')
    .pluck();
  const selectNewest = sqlite.prepare<[], number | null>('select max(seq) from customers').pluck();
  const insertName = sqlite.prepare('insert into customer_names (rowid, name) values (?, ?)');
  const insertValues = sqlite.prepare('insert into customer_values (rowid, value) values (?, ?)');
  const deleteName = sqlite.prepare('delete from customer_names where rowid = ?');
  const deleteValues = sqlite.prepare('delete from customer_values where rowid = ?');
  const matchNames = candidatesIn('customer_names');
  const matchValues = candidatesIn('customer_values');

  // Where it was last seen, since looking costs each insert a statement.
  let lastSeen = indexedThrough();
  let newest = lastSeen;
  let scheduled = false;
  let closed = false;

  function indexedThrough(): number {
    return selectState.get() ?? 0;
  }

  function candidatesIn(table: string) {
    return sqlite
      .prepare<[number, string], number>(
        `select seq from customers where seq > ?
         union all select rowid from ${table} where ${table} match ?
         limit ${maxCandidates + 1}`,
      )
      .pluck();
  }

  function add(seq: number, customer: Indexed): void {
    insertName.run(seq, fold(customer.name));
    insertValues.run(seq, tokensOf(customer).join(' '));
  }

  /** The `seq` of the customer; null when it was not in the index. */
  function remove(id: string): number | null {
    const seq = selectSeq.get(id);
    if (seq === undefined || seq > indexedThrough()) return null;
    deleteName.run(seq);
    deleteValues.run(seq);
    return seq;
  }

  function schedule(): void {
    if (scheduled || closed) return;
    scheduled = true;
    writer
      .write(indexBatch)
      .finally(() => {
        scheduled = false;
      })
      // A full batch may have left more behind it.
      .then((indexed) => indexed === batchSize && schedule())
      .catch((error: Error) => {
        // A batch of inserts later it is tried again.
        lastSeen = newest;
        if (!(error instanceof UnavailableError)) process.emitWarning(error);
      });
  }

  function indexBatch(): number {
    // Another process may have been here since.
    lastSeen = indexedThrough();
    const batch = selectBatch.all(lastSeen);
    for (const { seq, ...customer } of batch) add(seq, customer);
    lastSeen = batch.at(-1)?.seq ?? lastSeen;
    updateState.run(lastSeen);
    return batch.length;
  }

  return {
    /** To be called for each insert, inside its transaction. */
    inserted(seq: number): void {
      newest = seq;
      if (seq - lastSeen >= batchSize) schedule();
    },

    /**
     * To be called for each change, inside its transaction and after it: one that is refused must
     * leave the index as it is.
     */
    changed(previous: Customer, next: Customer): void {
      // Tokens alone do not tell, for two names may have one.
      const same = next.name === previous.name;
      if (same && isDeepStrictEqual(tokensOf(next), tokensOf(previous))) return;
      const seq = remove(next.id);
      if (seq !== null) add(seq, next);
    },

    /** To be called for each deletion, inside its transaction and before it. */
    removing({ id }: Customer): void {
      remove(id);
    },

    /**
     * The `seq` of each customer that may match the filter, in no order; null where the index is of
     * no help: nothing in the filter is indexed, or many match.
     */
    candidates(corporationId: string, filter: CustomerFilter): number[] | null {
      const wanted = matchExpression(corporationId, filter);
      if (!wanted) return null;
      const match = wanted.table === 'names' ? matchNames : matchValues;
      const found = match.all(indexedThrough(), wanted.expression);
      return found.length > maxCandidates ? null : found;
    },

    /** Begins to index what an earlier version left behind. */
    catchUp(): void {
      newest = selectNewest.get() ?? 0;
      if (newest - lastSeen >= batchSize) schedule();
    },

    /** Stops catching up, so that a stop need not wait for it. */
    close(): void {
      closed = true;
    },
  };
}

type Match = { table: 'names' | 'values'; expression: string };

/** What the filter comes to in the query syntax of FTS5: https://sqlite.org/fts5.html#full_text_query_syntax */
function matchExpression(corporationId: string, filter: CustomerFilter): Match | null {
  const { name, email, sourcePlatforms, sourcePlatformIds, search } = filter;
  const anyOf = (kind: Kind, values: (string | null)[] | null) => {
    const given = values?.filter((value) => value !== null) ?? [];
    return given.map((value) => quoted(token(corporationId, kind, value))).join(' OR ');
  };
  const values = [
    anyOf('name', [name]),
    anyOf('email', [email]),
    anyOf('platform', sourcePlatforms),
    anyOf('platformId', sourcePlatformIds),
  ].filter((part) => part !== '');
  if (values.length > 0) {
    return { table: 'values', expression: values.map((part) => `(${part})`).join(' AND ') };
  }
  const trigrams = search === null ? [] : trigramsOf(fold(search));
  // A shorter part has no trigram.
  if (trigrams.length === 0) return null;
  return { table: 'names', expression: trigrams.map(quoted).join(' AND ') };
}

type Kind = 'name' | 'email' | 'platform' | 'platformId';

function tokensOf({ corporationId, name, email, sourcePlatform, sourcePlatformId }: Indexed) {
  const values: [Kind, string | null][] = [
    ['name', name],
    ['email', email],
    ['platform', sourcePlatform],
    ['platformId', sourcePlatformId],
  ];
  return values.flatMap(([kind, value]) =>
    value === null ? [] : [token(corporationId, kind, value)],
  );
}

/**
 * A whole value as one word: FTS5's ascii tokenizer breaks text at what is neither a letter, a
 * digit nor beyond ASCII. Two values may come out alike, which makes a candidate too many.
 */
function token(corporationId: string, kind: Kind, value: string): string {
  return `${corporationId} ${kind} ${value}`.replace(/[^0-9a-z\u{80}-\u{10ffff}]/giu, '·');
}

function trigramsOf(text: string): string[] {
  const characters = [...text];
  const trigrams = characters
    .slice(2)
    .map((_, index) => characters.slice(index, index + 3).join(''));
  return [...new Set(trigrams)];
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}
