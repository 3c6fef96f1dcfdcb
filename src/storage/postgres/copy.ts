import { type Column, getTableColumns, getTableName, type Table as SqlTable } from 'drizzle-orm';
import postgres from 'postgres';
import { UnavailableError } from '../../errors.js';
import { nameOf, type PostgresDatabase } from '../database.js';
import { CopyError } from '../errors.js';
import { fold } from '../fold.js';
import type { Table, Transfer, TransferOptions, TransferRecord } from '../transfer.js';
import { engineOf } from './engine.js';
import { brokeForeignKey, brokenUnique } from './faults.js';
import { migrationStatus } from './migrate.js';
import { withConnections } from './open.js';
import { createRun, type Run } from './run.js';
import { reader } from './statement.js';
import { corporations, customers, idempotencyRecords, tokens } from './tables.js';

/** The database, whatever the URL calls its server. Rejects with `OpenError`. */
export function identifyPostgres(database: PostgresDatabase): Promise<string> {
  return withConnections(database, (connections) =>
    createRun(connections, 1).read(async (client) => {
      const server =
        (await engineOf(client)) === 'CockroachDB'
          ? 'crdb_internal.cluster_id()'
          : 'pg_postmaster_start_time()';
      const [found] = await client.unsafe<[{ identity: string }]>(
        `select concat_ws(' ', ${server}::text, oid::text, datname, current_schema()) as identity
         from pg_database where datname = current_database()`,
      );
      return found.identity;
    }),
  );
}

/** Opens the database for `work`. Rejects with `CopyError`, `OpenError` or `MigrationError`. */
export function withPostgresTransfer<T>(
  database: PostgresDatabase,
  options: TransferOptions,
  work: (transfer: Transfer) => Promise<T>,
): Promise<T> {
  const name = nameOf(database);
  return withConnections(database, async (connections) => {
    const run = createRun(connections, 1);
    const { pending } = await run.read((client) => migrationStatus(client, name));
    if (pending > 0) {
      throw new CopyError(`The database ${name} is of an older version. Run migrate on it first.`);
    }
    return work(createTransfer(run, name, options));
  });
}

function createTransfer(run: Run, name: string, { validSince }: TransferOptions): Transfer {
  const all = {
    corporations: describe(corporations, [corporations.id]),
    customers: describe(customers, [customers.id]),
    tokens: describe(tokens, [tokens.id]),
    idempotencyRecords: describe(
      idempotencyRecords,
      [idempotencyRecords.tokenId, idempotencyRecords.operation, idempotencyRecords.key],
      validSince,
    ),
  } satisfies Record<Table, unknown>;

  return {
    // It takes as long as the table is large, and the server ends what takes too long.
    count: (table) =>
      run
        .read(async (client) => Number((await client.unsafe(all[table].count).values())[0]?.[0]))
        .catch(() => null),

    read: (table, after, limit) =>
      trying(name, 'read', async () => {
        const { select, toRecord } = all[table];
        const parameters = [...after, limit] as never[];
        const rows = await run.read((client) =>
          client.unsafe(select, parameters, { prepare: true }).values(),
        );
        return rows.map(toRecord);
      }),

    write: (table, records) =>
      trying(name, 'written to', async () => {
        const { insert, toRow } = all[table];
        const rows = JSON.stringify(records.map(toRow));
        // As a read it may be done once more when nobody knows whether it was: it comes to the same.
        await run.read(async (client) => {
          await client.unsafe(insert, [rows], { prepare: true });
        });
      }),
  };
}

/** The statements of a table; rows go in as JSON, so that one statement takes any number of them. */
function describe(table: SqlTable, key: Column[], liveSince?: number) {
  const name = getTableName(table);
  const columns = getTableColumns(table);
  const list = (of: Column[]) => of.map((column) => `"${column.name}"`).join();
  const entries = Object.entries(columns);
  const kept = Object.values(columns);
  // Without the order of its texts, which nothing is compared by here.
  const typeOf = (column: Column) => column.getSQLType().replace(' collate "C"', '');
  const definitions = kept.map((column) => `"${column.name}" ${typeOf(column)}`).join();
  const live =
    liveSince === undefined ? '' : `and created_at >= '${new Date(liveSince).toISOString()}'`;
  // What is in the way of a record that still counts has expired.
  const onConflict = live
    ? `update set ${kept.map((column) => `"${column.name}" = excluded."${column.name}"`).join()}`
    : 'nothing';
  const read = reader(columns);

  return {
    count: `select count(*) from ${name} where true ${live}`,
    select: `select ${list(kept)} from ${name}
      where (${list(key)}) > (${key.map((_, n) => `$${n + 1}`).join()}) ${live}
      order by ${list(key)} limit $${key.length + 1}`,
    insert: `insert into ${name} (${list(kept)})
      select ${list(kept)} from jsonb_to_recordset($1::jsonb) as item(${definitions})
      on conflict (${list(key)}) do ${onConflict}`,

    toRecord(row: ArrayLike<unknown>): TransferRecord {
      const { foldedName: _, ...record } = read(row) as Record<string, unknown>;
      return record as TransferRecord;
    },

    toRow(record: TransferRecord): Record<string, unknown> {
      const fields = { ...record, ...('name' in record && { foldedName: fold(record.name) }) };
      const values = fields as Record<string, unknown>;
      return Object.fromEntries(
        entries.map(([field, column]) => [column.name, toJson(column, values[field])]),
      );
    },
  };
}

function toJson(column: Column, value: unknown): unknown {
  if (value == null || column.getSQLType() === 'jsonb') return value ?? null;
  return column.mapToDriverValue(value);
}

async function trying<T>(name: string, done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof UnavailableError ? error.cause : error;
    const expected = error instanceof UnavailableError || error instanceof postgres.PostgresError;
    if (!expected) throw error;
    // A row it refers to was added after its table was copied, or deleted since.
    const advice =
      brokeForeignKey(error) || brokenUnique(error) !== null
        ? ' Stop what writes to the two, and run the copy again.'
        : '';
    const message = reason instanceof Error ? reason.message : reason;
    throw new CopyError(`The database ${name} cannot be ${done}: ${message}.${advice}`, {
      cause: error,
    });
  }
}
