import type { Database } from 'better-sqlite3';
import { UnavailableError } from '../../errors.js';
import { fold } from '../fold.js';
import type { Customer, CustomerFilter } from '../storage.js';
import type { Counts } from './counts.js';
import { customers } from './tables.js';
import type { Writer } from './writer.js';

export type SearchIndex = ReturnType<typeof createSearchIndex>;

/**
 * Customers that are indexed at once. FTS5 takes 7 µs for each of so many, and 20 and more for one
 * alone; the event loop stands still for as long as a batch takes.
 */
const batchSize = 500;

/**
 * Pages of each table that are merged with each batch, so that a search has few segments to look at. A batch
 * makes up to 11, and each is merged some five times among 1,000,000 customers. FTS5 by itself
 * would merge hundreds at once, for 20 to 90 ms, so a migration has set its `automerge` to 0.
 */
const mergedPages = 48;

/** What the index holds of a customer as a whole. */
const fields = ['name', 'email', 'sourcePlatform', 'sourcePlatformId'] as const;
type Field = (typeof fields)[number];

/**
 * A whole value as one word: the tokenizer of `customer_words` breaks text at line breaks alone, which
 * no value has.
 */
function word(corporationId: string, field: Field, value: string): string {
  return `${corporationId} ${field} ${value}`;
}

/** The words of a customer, in SQL. */
const words = `concat_ws(char(10), ${fields
  .map((field) => `corporation_id || ' ${field} ' || ${customers[field].name}`)
  .join(', ')})`;

/** The first and the last `seq` of customers that are indexed. */
type Range = [number, number];

/** More candidates than this are not rare: a scan in order meets a page of them sooner. */
const maxCandidates = 10_000;

/** When no customer has come for so long, in ms, those that make no batch are indexed too. */
const idleDelay = 1000;

/** After so long, in ms, a batch that could not be written is tried again. */
const retryDelay = 1000;

/**
 * The index behind the filters of lists: two full-text tables, one of the trigrams of names for
 * parts of them, and one of whole values. It says which customers may match; whether they do is
 * for the query that asks. A create does not pay for it: customers are indexed later, in batches or when
 * no more come, and those that are not yet are all candidates. With each batch customers are counted as
 * well. The SQL is written by hand, for Drizzle knows no virtual tables, and SQLite brings a batch over by itself:
 * to read it here takes as long again.
 */
export function createSearchIndex(sqlite: Database, writer: Writer, counts: Counts) {
  const selectState = sqlite
    .prepare<[], number>('select indexed_through from search_index_state')
    .pluck();
  const updateState = sqlite.prepare<[number]>('update search_index_state set indexed_through = ?');
  const selectEndOfBatch = sqlite
    .prepare<[number], number | null>(
      `select max(seq) from (select seq from customers where seq > ? order by seq limit ${batchSize})`,
    )
    .pluck();
  const selectSeq = sqlite
    .prepare<[string], number>('select seq from customers where id = ?')
    .pluck();
  const selectNewest = sqlite.prepare<[], number | null>('select max(seq) from customers').pluck();
  const insertNames = sqlite.prepare<Range>(
    'insert into customer_names (rowid, name) select seq, fold(name) from customers where seq between ? and ?',
  );
  const insertWords = sqlite.prepare<Range>(
    `insert into customer_words (rowid, words) select seq, ${words} from customers where seq between ? and ?`,
  );
  const mergeNames = mergeOf('customer_names');
  const mergeWords = mergeOf('customer_words');
  const deleteName = sqlite.prepare('delete from customer_names where rowid = ?');
  const deleteWords = sqlite.prepare('delete from customer_words where rowid = ?');
  const matchNames = candidatesIn('customer_names');
  const matchWords = candidatesIn('customer_words');

  // Where it was last seen, since looking costs each insert a statement.
  let lastSeen = indexedThrough();
  let newest = lastSeen;
  let scheduled = false;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

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

  function mergeOf(table: string) {
    return sqlite.prepare(`insert into ${table} (${table}, rank) values ('merge', ${mergedPages})`);
  }

  /** Indexes the customers from the first `seq` to the last, and returns how many they were. */
  function add(...range: Range): number {
    insertNames.run(...range);
    return insertWords.run(...range).changes;
  }

  /** The `seq` of the customer; null when it was not in the index. */
  function remove(id: string): number | null {
    const seq = selectSeq.get(id);
    if (seq === undefined || seq > indexedThrough()) return null;
    deleteName.run(seq);
    deleteWords.run(seq);
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
        if (error instanceof UnavailableError) setTimeout(schedule, retryDelay).unref();
        else process.emitWarning(error);
      });
  }

  /** Sees to it that the rest is indexed when no more comes for a moment. */
  function scheduleRest(): void {
    if (idle) idle.refresh();
    else idle = setTimeout(() => newest > lastSeen && schedule(), idleDelay).unref();
  }

  function indexBatch(): number {
    // Another process may have been here since.
    lastSeen = indexedThrough();
    const end = selectEndOfBatch.get(lastSeen) ?? lastSeen;
    // First, since FTS5 writes out what it has as soon as a statement with triggers begins.
    counts.countThrough(selectNewest.get() ?? 0);
    const indexed = add(lastSeen + 1, end);
    mergeNames.run();
    mergeWords.run();
    lastSeen = end;
    updateState.run(end);
    return indexed;
  }

  return {
    /** To be called for each insert, inside its transaction. */
    inserted(seq: number): void {
      newest = seq;
      if (seq - lastSeen >= batchSize) schedule();
      scheduleRest();
    },

    /**
     * To be called for each change, inside its transaction and after it: one that is refused must
     * leave the index as it is.
     */
    changed(previous: Customer, next: Customer): void {
      if (fields.every((field) => next[field] === previous[field])) return;
      const seq = remove(next.id);
      if (seq !== null) add(seq, seq);
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
      const match = wanted.table === 'names' ? matchNames : matchWords;
      for (const expression of wanted.expressions) {
        const found = match.all(indexedThrough(), expression);
        if (found.length <= maxCandidates) return found;
      }
      return null;
    },

    /** Begins to index what an earlier version left behind. */
    catchUp(): void {
      newest = selectNewest.get() ?? 0;
      if (newest - lastSeen >= batchSize) schedule();
      else scheduleRest();
    },

    /** Stops catching up, so that a stop need not wait for it. */
    close(): void {
      closed = true;
    },
  };
}

/** `expressions`: the fastest first, each of those behind it leaves more out. */
type Match = { table: 'names' | 'words'; expressions: string[] };

/** What the filter comes to in the query syntax of FTS5: https://sqlite.org/fts5.html#full_text_query_syntax */
function matchExpression(corporationId: string, filter: CustomerFilter): Match | null {
  const { name, email, sourcePlatforms, sourcePlatformIds, search } = filter;
  const anyOf = (field: Field, values: (string | null)[] | null) => {
    const given = values?.filter((value) => value !== null) ?? [];
    return given.map((value) => quoted(word(corporationId, field, value))).join(' OR ');
  };
  const values = [
    anyOf('name', [name]),
    anyOf('email', [email]),
    anyOf('sourcePlatform', sourcePlatforms),
    anyOf('sourcePlatformId', sourcePlatformIds),
  ].filter((part) => part !== '');
  if (values.length > 0) {
    return { table: 'words', expressions: [values.map((part) => `(${part})`).join(' AND ')] };
  }
  const trigrams = search === null ? [] : trigramsOf(fold(search));
  // A shorter part has no trigram.
  if (trigrams.length === 0) return null;
  const allOf = (some: string[]) => [...new Set(some)].map(quoted).join(' AND ');
  // Those that every letter is in mostly do, and each of the others takes as long again.
  const apart = trigrams.filter((_, at) => at % 3 === 0 || at === trigrams.length - 1);
  return { table: 'names', expressions: [...new Set([allOf(apart), allOf(trigrams)])] };
}

function trigramsOf(text: string): string[] {
  const characters = [...text];
  return characters.slice(2).map((_, index) => characters.slice(index, index + 3).join(''));
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}
