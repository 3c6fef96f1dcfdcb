import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { BackupError } from '../errors.js';
import { reasonOf } from './faults.js';

export type BackupOptions = {
  /** Where the copy goes: a path. A file that is there is replaced, but only by a whole copy. */
  file: string;
  /** Called after each step with the bytes that are copied, and with how many there are. */
  onProgress: (copied: number, total: number) => void;
  /** Gives the backup up. */
  signal: AbortSignal;
};

/** What the copy holds; its size in bytes. */
export type BackupSummary = { customers: number; bytes: number };

/** How long, in ms, an opening waits for a process that recovers the database after a crash. */
const openTimeout = 5000;

/** 4 MiB a step, about 10 ms: fewer cost more steps, more made nothing faster. */
const pagesPerStep = 1024;

/** What SQLite keeps beside a database; https://sqlite.org/tempfiles.html */
const companions = ['-wal', '-shm', '-journal'];

/** As `backUp`, of the file at the path. */
export async function backUpSqlite(path: string, options: BackupOptions): Promise<BackupSummary> {
  const { signal, onProgress } = options;
  const databasePath = locate(path);
  const file = await placeFor(options.file);
  refuseUnfit(file, databasePath);
  const source = openSource(databasePath);
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    const customers = beginSnapshot(source);
    await createLike(databasePath, partial);
    await copy(source, partial, { onProgress, signal });
    source.close();
    checkCopy(partial, databasePath);
    await sync(partial);
    signal.throwIfAborted();
    refuseUnfit(file, databasePath);
    const { size: bytes } = statSync(partial);
    await rename(partial, file);
    await sync(dirname(file));
    return { customers, bytes };
  } catch (error) {
    source.close();
    for (const suffix of ['', ...companions]) await rm(partial + suffix, { force: true });
    if (error instanceof BackupError || (signal.aborted && error === signal.reason)) throw error;
    throw new BackupError(`The backup cannot be written to ${file}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** The path with its folder by its real name, so that it can be told from the database's. */
async function placeFor(file: string): Promise<string> {
  const path = resolve(file);
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch (error) {
    throw new BackupError(`The backup cannot be written to ${file}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Throws `BackupError` unless the file may be replaced without harm. */
function refuseUnfit(file: string, databasePath: string): void {
  const there = look(file);
  if (there && !there.isFile()) throw new BackupError(`${file} is there already and is no file.`);
  for (const suffix of ['', ...companions]) {
    const taken = databasePath + suffix;
    const found = look(taken);
    const same = there && found && there.dev === found.dev && there.ino === found.ino;
    if (same || file === taken) {
      throw new BackupError(`${file} is the database itself. Give the backup another name.`);
    }
  }
  if (there && there.size > 0 && !isDatabase(file)) {
    throw new BackupError(
      `${file} is there already and is no database. Give the backup another name.`,
    );
  }
  // SQLite would apply what is left in them to the new file.
  const left = companions.map((suffix) => file + suffix).find(look);
  if (left) {
    throw new BackupError(
      `${file} is in use as a database, or was when a process was killed: ${left} is there. ` +
        'Give the backup another name.',
    );
  }
}

/** By what every SQLite file begins with: https://sqlite.org/fileformat.html#magic_header_string */
function isDatabase(path: string): boolean {
  const magic = 'SQLite format 3\0';
  const start = Buffer.alloc(magic.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
    return start.toString('latin1') === magic;
  } finally {
    closeSync(file);
  }
}

function look(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function locate(databasePath: string): string {
  if (databasePath === ':memory:') {
    throw new BackupError('DATABASE_URL must name a file; one in memory cannot be backed up.');
  }
  if (!look(databasePath)) {
    throw new BackupError(`There is no database ${databasePath}. DATABASE_URL says where it is.`);
  }
  return realpathSync(databasePath);
}

function openSource(path: string): Database {
  try {
    return new BetterSqlite3(path, { fileMustExist: true, timeout: openTimeout });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): BackupError {
  return new BackupError(`The database ${path} cannot be read: ${reasonOf(error)}`, {
    cause: error,
  });
}

/**
 * A backup begins anew whenever another process has written, and so never ends beside a busy server,
 * unless its connection holds a snapshot: https://sqlite.org/c3ref/backup_finish.html. `VACUUM INTO`
 * is no slower, but stands still until it is done, and could be neither watched nor given up.
 */
function beginSnapshot(source: Database): number {
  try {
    source.exec('BEGIN');
    return source.prepare<[], number>('select count(*) from customers').pluck().get() ?? 0;
  } catch (error) {
    throw unreadable(source.name, error);
  }
}

/** Makes an empty file that the same people may read as the database. */
async function createLike(databasePath: string, path: string): Promise<void> {
  const mode = statSync(databasePath).mode & 0o777;
  const handle = await open(path, 'wx', mode);
  await handle.chmod(mode).finally(() => handle.close());
}

async function copy(
  source: Database,
  path: string,
  { onProgress, signal }: Pick<BackupOptions, 'onProgress' | 'signal'>,
): Promise<void> {
  const pageSize = source.pragma('page_size', { simple: true }) as number;
  const { totalPages } = await source.backup(path, {
    progress({ totalPages, remainingPages }) {
      signal.throwIfAborted();
      onProgress((totalPages - remainingPages) * pageSize, totalPages * pageSize);
      return pagesPerStep;
    },
  });
  onProgress(totalPages * pageSize, totalPages * pageSize);
}

function checkCopy(path: string, databasePath: string): void {
  const sqlite = new BetterSqlite3(path);
  try {
    // Whole in one file, so that it can be read where nothing may be written.
    sqlite.pragma('journal_mode = DELETE');
    const problems = sqlite.prepare<[], string>('PRAGMA integrity_check(1)').pluck().all();
    if (problems[0] !== 'ok') throw damaged(databasePath, problems[0] ?? '');
  } catch (error) {
    throw error instanceof BackupError ? error : damaged(databasePath, reasonOf(error));
  } finally {
    sqlite.close();
  }
}

function damaged(databasePath: string, problem: string): BackupError {
  return new BackupError(
    `The database ${databasePath} is damaged: ${problem.replaceAll('\n', ' ')} ` +
      'An earlier backup is as it was; restore one.',
  );
}

/** Resolves when the file, or the names in the folder, are on disk. */
async function sync(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}
