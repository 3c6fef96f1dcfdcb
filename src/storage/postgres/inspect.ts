import type { Sql } from 'postgres';
import { nameOf, type PostgresDatabase } from '../database.js';
import type { Milliseconds, Token } from '../storage.js';
import { type MigrationStatus, migrationStatus } from './migrate.js';
import { withConnections } from './open.js';
import { createRun } from './run.js';

export type PostgresState = {
  /** As it names itself: `PostgreSQL 15.14 …`. */
  version: string;
  takesWrites: boolean;
  migrations: MigrationStatus;
  /** What is in it; null while the tables of this version are not there. */
  content: {
    corporations: number;
    tokens: Pick<Token, 'expiresAt' | 'revokedAt'>[];
    /** The latest time that a row was written at, by its own account; null when there is no row. */
    newest: Milliseconds | null;
  } | null;
};

/** What a database is like; nothing is changed. Rejects with `OpenError` or `MigrationError`. */
export function inspect(database: PostgresDatabase): Promise<PostgresState> {
  return withConnections(database, (connections) =>
    createRun(connections, 1).read((client) => look(client, nameOf(database))),
  );
}

async function look(client: Sql, name: string): Promise<PostgresState> {
  const [server] = await client.unsafe<[{ version: string; readonly: string }]>(
    `select version(), current_setting('transaction_read_only') as readonly`,
  );
  const migrations = await migrationStatus(client, name);
  const state = {
    version: server.version,
    takesWrites: server.readonly === 'off',
    migrations,
  };
  if (migrations.pending > 0) return { ...state, content: null };

  const [counts] = await client.unsafe<[{ corporations: string; newest: string | null }]>(
    `select (select count(*) from corporations) as corporations,
        greatest((select max(updated_at) from customers), (select max(created_at) from corporations),
          (select max(created_at) from tokens)) as newest`,
  );
  const tokens = await client.unsafe<{ expires: string | null; revoked: string | null }[]>(
    'select expires_at as expires, revoked_at as revoked from tokens',
  );
  return {
    ...state,
    content: {
      corporations: Number(counts.corporations),
      tokens: tokens.map(({ expires, revoked }) => ({
        expiresAt: toMilliseconds(expires),
        revokedAt: toMilliseconds(revoked),
      })),
      newest: toMilliseconds(counts.newest),
    },
  };
}

function toMilliseconds(time: string | null): Milliseconds | null {
  return time === null ? null : Date.parse(time);
}
