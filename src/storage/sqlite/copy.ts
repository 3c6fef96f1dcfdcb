import { statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { type Column, getTableColumns, getTableName, type Table as SqlTable } from 'drizzle-orm';
import { CopyError } from '../errors.js';
import type { Table, Transfer, TransferOptions, TransferRecord } from '../transfer.js';
import { brokenConstraint, reasonOf } from './faults.js';
import { hasTables, openToRead } from './inspect.js';
import { migrationStatus } from './migrate.js';
import { openDatabase } from './open.js';
import { corporations, customerColumns, customers, idempotencyRecords, tokens } from './tables.js';

/** The file, whatever it is called; null when there is none. */
export function identifySqlite(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}:${found.ino}` : null;
}

/** Opens the file at the path for `work`. Rejects with `CopyError`, `OpenError` or `MigrationError`. */
export async function withSqliteTransfer<T>(
  path: string,
  options: TransferOptions,
  work: (transfer: Transfer) => Promise<T>,
): Promise<T> {
  const sqlite = options.write ? openDatabase(path) : openToRead(path);
  try {
    trying(path, 'read', () => refuseUnfit(sqlite));
    return await work(createTransfer(sqlite, options));
  } finally {
    sqlite.close();
  }
}

function refuseUnfit(sqlite: BetterSqlite3.Database): void {
  if (!hasTables(sqlite)) throw new CopyError(`${sqlite.name} is no database of Clientele.`);
  if (migrationStatus(sqlite).pending > 0) {
    throw new CopyError(
      `The database ${sqlite.name} is of an older version. Run migrate on it first.`,
    );
  }
}

function createTransfer(sqlite: BetterSqlite3.Database, { validSince }: TransferOptions): Transfer {
  const all = {
    corporations: prepareTable(corporations, getTableColumns(corporations), [corporations.id]),
    customers: prepareTable(customers, customerColumns, [customers.id]),
    tokens: prepareTable(tokens, getTableColumns(tokens), [tokens.id]),
    idempotencyRecords: prepareTable(
      idempotencyRecords,
      getTableColumns(idempotencyRecords),
      [idempotencyRecords.tokenId, idempotencyRecords.operation, idempotencyRecords.key],
      validSince,
    ),
  } satisfies Record<Table, unknown>;

  function prepareTable(
    table: SqlTable,
    columns: Record<string, Column>,
    key: Column[],
    liveSince?: number,
  ) {
    const name = getTableName(table);
    const names = Object.values(columns).map((column) => column.name);
    const keys = key.map((column) => column.name);
    const marks = (of: string[]) => of.map(() => '?').join();
    const live = liveSince === undefined ? '' : `and created_at >= ${liveSince}`;
    // Whatever conflicts with a live record has expired.
    const onConflict = live
      ? `update set ${names.map((column) => `${column} = excluded.${column}`).join()}`
      : 'nothing';
    const quoted = (of: string[]) => of.map((column) => `"${column}"`).join();

    const count = sqlite
      .prepare<[], number>(`select count(*) from ${name} where true ${live}`)
      .pluck();
    const read = sqlite
      .prepare<unknown[], unknown[]>(
        `select ${quoted(names)} from ${name} where (${quoted(keys)}) > (${marks(keys)}) ${live}
         order by ${quoted(keys)} limit ?`,
      )
      .raw();
    const insert = sqlite.prepare(
      `insert into ${name} (${quoted(names)}) values (${marks(names)})
       on conflict (${quoted(keys)}) do ${onConflict}`,
    );
    const entries = Object.entries(columns);
    const toRecord = (row: unknown[]) =>
      Object.fromEntries(
        entries.map(([field, column], n) => [
          field,
          row[n] === null ? null : column.mapFromDriverValue(row[n]),
        ]),
      ) as unknown as TransferRecord;
    const toRow = (record: Record<string, unknown>) =>
      entries.map(([field, column]) =>
        record[field] == null ? null : column.mapToDriverValue(record[field]),
      );
    return {
      count: () => count.get() ?? 0,
      read: (after: readonly string[], limit: number) => read.all(...after, limit).map(toRecord),
      write: sqlite.transaction((records: TransferRecord[]) => {
        for (const record of records) insert.run(toRow(record));
      }).immediate,
    };
  }

  return {
    count: async (table) => trying(sqlite.name, 'read', all[table].count),
    read: async (table, after, limit) =>
      trying(sqlite.name, 'read', () => all[table].read(after, limit)),
    write: async (table, records) =>
      trying(sqlite.name, 'written to', () => all[table].write(records)),
  };
}

function trying<T>(path: string, done: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    // A row it refers to was added after its table was copied, or deleted since.
    const advice = brokenConstraint(error)
      ? ' Stop what writes to the two, and run the copy again.'
      : '';
    throw new CopyError(`The database ${path} cannot be ${done}: ${reasonOf(error)}${advice}`, {
      cause: error,
    });
  }
}
