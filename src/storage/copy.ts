import { canonical, createDigest, type Pair, pageSize, pairs } from './compare.js';
import { type Database, nameOf } from './database.js';
import { CopyError } from './errors.js';
import { databaseExists, migrateDatabase } from './open.js';
import { identifySqlite, withSqliteTransfer } from './sqlite/copy.js';
import type { Milliseconds } from './storage.js';
import {
  firstKey,
  keyOf,
  type Table,
  type Transfer,
  type TransferOptions,
  type TransferRecord,
  tables,
} from './transfer.js';

/** What a copy does, in this order; comparing only where the target has something already. */
export type CopyStep = 'compare' | 'copy' | 'verify';

export type CopyOptions = {
  from: Database;
  to: Database;
  /** Idempotency records made before this time no longer count, and are left out. */
  validSince: Milliseconds;
  /** Called now and then with the records that the step is done with, and all of them where that is known. */
  onProgress: (step: CopyStep, done: number, total: number | null) => void;
  /** Gives the copy up, between two commits. */
  signal: AbortSignal;
};

/** What both have of a table in the end: how many records, how many of them this run wrote, and their digest. */
export type CopiedTable = { table: Table; rows: number; written: number; sha256: string };

/** Between two calls of `onProgress`, in records. */
const progressInterval = 500;

/**
 * Makes the target what the source is, and resolves when both were read once more and are the same. A
 * copy that was begun before goes on: what is there it leaves alone. Rejects with `CopyError`,
 * `OpenError`, `MigrationError` or the reason of `signal`. A target that has anything which the source
 * has not, or has otherwise, is refused before anything is written to it.
 */
export async function copyDatabase(options: CopyOptions): Promise<CopiedTable[]> {
  const { from, to, validSince } = options;
  await refuseUnfit(from, to);
  return withTransfer(from, { validSince, write: false }, async (source) => {
    await migrateDatabase(to);
    return withTransfer(to, { validSince, write: true }, async (target) => {
      const work = createWork(source, target, await totalOf(source), options);
      await refuseOtherContent(work, target, nameOf(to));
      const written = await copyMissing(work, target);
      return verify(work, written);
    });
  });
}

async function refuseUnfit(from: Database, to: Database): Promise<void> {
  for (const database of [from, to]) {
    if (database.kind === 'sqlite' && database.path === ':memory:') {
      throw new CopyError('A database in memory is gone with its process. Name one that is kept.');
    }
  }
  if (!(await databaseExists(from))) {
    throw new CopyError(`There is no database ${nameOf(from)} to copy from.`);
  }
  if (from.kind === to.kind && (await identify(from)) === (await identify(to))) {
    throw new CopyError(`The source and the target are the same database, ${nameOf(from)}.`);
  }
}

async function identify(database: Database): Promise<string | null> {
  return database.kind === 'sqlite'
    ? identifySqlite(database.path)
    : (await loadPostgres()).identifyPostgres(database);
}

async function withTransfer<T>(
  database: Database,
  options: TransferOptions,
  work: (transfer: Transfer) => Promise<T>,
): Promise<T> {
  return database.kind === 'sqlite'
    ? withSqliteTransfer(database.path, options, work)
    : (await loadPostgres()).withPostgresTransfer(database, options, work);
}

function loadPostgres() {
  return import('./postgres/copy.js');
}

async function totalOf(source: Transfer): Promise<number | null> {
  let total = 0;
  for (const table of tables) {
    const count = await source.count(table);
    if (count === null) return null;
    total += count;
  }
  return total;
}

type Work = ReturnType<typeof createWork>;

/** Goes through both databases, table by table, and tells how far it is. */
function createWork(
  source: Transfer,
  target: Transfer,
  total: number | null,
  { onProgress, signal }: Pick<CopyOptions, 'onProgress' | 'signal'>,
) {
  return function begin(step: CopyStep) {
    let done = 0;
    onProgress(step, done, total);
    return async function* through(table: Table): AsyncGenerator<Pair> {
      for await (const pair of pairs(source, target, table)) {
        signal.throwIfAborted();
        yield pair;
        if (++done % progressInterval === 0) onProgress(step, done, total);
      }
      onProgress(step, done, total);
    };
  };
}

async function refuseOtherContent(work: Work, target: Transfer, name: string): Promise<void> {
  const used: Table[] = [];
  for (const table of tables) {
    if ((await target.read(table, firstKey[table], 1)).length > 0) used.push(table);
  }
  if (used.length === 0) return;
  const through = work('compare');
  for (const table of used) {
    for await (const { source, target } of through(table)) {
      if (!target || (source && canonical(source) === canonical(target))) continue;
      const what = `${nounOf[table]} ${keyOf(target).join(' ')}`;
      throw new CopyError(
        `The target ${name} has the ${what}, which the source has ${source ? 'otherwise' : 'not'}. ` +
          'Nothing was written. Copy to an empty database; if either was used since an ' +
          'earlier copy, empty the target and copy again.',
      );
    }
  }
}

async function copyMissing(work: Work, target: Transfer): Promise<Record<Table, number>> {
  const written = { corporations: 0, customers: 0, tokens: 0, idempotencyRecords: 0 };
  const through = work('copy');
  for (const table of tables) {
    let batch: TransferRecord[] = [];
    const writeBatch = async () => {
      if (batch.length === 0) return;
      await target.write(table, batch);
      written[table] += batch.length;
      batch = [];
    };
    for await (const { source, target } of through(table)) {
      if (source === null || target !== null) continue;
      batch.push(source);
      if (batch.length === pageSize[table]) await writeBatch();
    }
    await writeBatch();
  }
  return written;
}

async function verify(work: Work, written: Record<Table, number>): Promise<CopiedTable[]> {
  const through = work('verify');
  const copied: CopiedTable[] = [];
  const faults: string[] = [];
  for (const table of tables) {
    const sourceDigest = createDigest();
    const targetDigest = createDigest();
    let firstOther: string | null = null;
    for await (const pair of through(table)) {
      const source = pair.source && canonical(pair.source);
      const target = pair.target && canonical(pair.target);
      if (source !== null) sourceDigest.add(source);
      if (target !== null) targetDigest.add(target);
      if (source !== target) firstOther ??= describe(pair);
    }
    const source = sourceDigest.result();
    const target = targetDigest.result();
    copied.push({ table, rows: target.rows, written: written[table], sha256: target.sha256 });
    if (source.rows === target.rows && source.sha256 === target.sha256) continue;
    faults.push(
      `  ${table}: ${source.rows} rows in the source, ${target.rows} in the target; first ${firstOther}`,
    );
  }
  if (faults.length === 0) return copied;
  throw new CopyError(
    [
      'The target is not what the source is. One of the two was written to meanwhile:',
      ...faults,
      'Stop what uses them and run the copy again; where rows differ, empty the target first.',
    ].join('\n'),
  );
}

function describe({ source, target }: Pair): string {
  const key = keyOf((source ?? target) as TransferRecord).join(' ');
  if (!target) return `${key}, which the target has not`;
  return source ? `${key}, which differs` : `${key}, which the source has not`;
}

const nounOf = {
  corporations: 'corporation',
  customers: 'customer',
  tokens: 'token',
  idempotencyRecords: 'record of the idempotency key',
} satisfies Record<Table, string>;
