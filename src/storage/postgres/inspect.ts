import type { Sql } from 'postgres';
import { nameOf, type PostgresDatabase } from '../database.js';
import { OpenError } from '../errors.js';
import type { Inspector, Place } from '../inspector.js';
import type { Milliseconds } from '../storage.js';
import { createConnections } from './connections.js';
import { stateOf } from './faults.js';
import { migrationStatus } from './migrate.js';
import { explained } from './open.js';
import { createRun } from './run.js';

/** As `inspectDatabase`. */
export function inspectPostgres(database: PostgresDatabase): Inspector {
  const name = nameOf(database);
  const connections = createConnections(database);
  const run = createRun(connections, 1);

  async function look<T>(work: (client: Sql) => Promise<T>): Promise<T> {
    try {
      return await run.read(work);
    } catch (error) {
      if (stateOf(error) === null) throw explained(error, database);
      throw new OpenError(`The database ${name} cannot be read: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }

  return {
    place: () => look(lookAtServer),
    foreign: () => look(isForeign),
    integrity: async () => null,
    migrations: () => look((client) => migrationStatus(client, name)),
    newest: () =>
      look(async (client) => {
        const [row] = await client.unsafe<[{ newest: string | null }]>(
          `select greatest((select max(updated_at) from customers),
            (select max(created_at) from corporations), (select max(created_at) from tokens)) as newest`,
        );
        return toMilliseconds(row.newest);
      }),
    corporations: () =>
      look(async (client) => {
        const [row] = await client.unsafe<[{ count: string }]>('select count(*) from corporations');
        return Number(row.count);
      }),
    tokens: () =>
      look(async (client) => {
        const rows = await client.unsafe<{ expires: string | null; revoked: string | null }[]>(
          'select expires_at as expires, revoked_at as revoked from tokens',
        );
        return rows.map(({ expires, revoked }) => ({
          expiresAt: toMilliseconds(expires),
          revokedAt: toMilliseconds(revoked),
        }));
      }),
    close: () => connections.close(),
  };
}

async function lookAtServer(client: Sql): Promise<Place> {
  const [server] = await client.unsafe<[{ version: string; readonly: string }]>(
    `select version(), current_setting('transaction_read_only') as readonly`,
  );
  // `PostgreSQL 15.14 on x86_64 …`
  const version = server.version.split(' on ')[0] ?? '';
  return { type: 'server', version, takesWrites: server.readonly === 'off' };
}

/** An extension may bring tables along, and is no program. */
async function isForeign(client: Sql): Promise<boolean> {
  const [row] = await client.unsafe<[{ foreign: boolean }]>(
    `select to_regclass('__drizzle_migrations') is null and exists (
      select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where nspname = current_schema() and relkind in ('r', 'p') and not exists (
        select 1 from pg_depend
        where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e'
      )
    ) as foreign`,
  );
  return row.foreign;
}

function toMilliseconds(time: string | null): Milliseconds | null {
  return time === null ? null : Date.parse(time);
}
