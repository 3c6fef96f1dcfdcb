import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chownSync, constants, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { iso31661 } from 'iso-3166/1.js';
import pg from 'pg';
import { reference } from '../workload/reference.js';
import { sqlFile } from './paths.js';
import { run, start } from './processes.js';

export type Postgres = {
  /** Where its socket is, and who connects. */
  env: { PGHOST: string; PGUSER: string };
  countRows(): Promise<number>;
};

const user = 'bench';

/** Where Debian puts what is not in the PATH. */
const debian = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; null when it is not installed. */
export function findPostgres(): string | null {
  const versions = listed(debian).map((version) => join(debian, version, 'bin'));
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  return folders.find((folder) => has(folder, 'initdb') && has(folder, 'postgres')) ?? null;
}

/** A cluster for this run alone, as initdb makes it: fsync is on. It listens on a socket only. */
export async function startPostgres(programs: string, folder: string, token: string) {
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? (idsOf('postgres') ?? idsOf('nobody')) : null;
  if (owner) chownSync(home, owner.uid, owner.gid);
  const options = { cwd: home, ...owner };

  const data = join(home, 'data');
  const encoding = ['--encoding=UTF8', '--locale=C'];
  await run(
    join(programs, 'initdb'),
    [`--pgdata=${data}`, `--username=${user}`, '--auth=trust', ...encoding],
    options,
  );
  const server = start(
    join(programs, 'postgres'),
    ['-D', data, '-k', home, '-c', 'listen_addresses='],
    // Its "fast" and its "immediate" shutdown: it does not wait for clients, and its own processes
    // end with it.
    { ...options, stdio: 'ignore', signals: { stop: 'SIGINT', end: 'SIGQUIT' } },
  );

  const pool = new pg.Pool({ host: home, user, database: 'postgres', max: 1 });
  pool.on('error', () => {});
  server.once('exit', () => void pool.end());
  await answering(pool);
  await createTables(pool, token);

  return {
    env: { PGHOST: home, PGUSER: user },
    async countRows() {
      const { rows } = await pool.query('select count(*)::int as count from customers');
      return rows[0].count as number;
    },
  } satisfies Postgres;
}

async function answering(pool: pg.Pool): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

async function createTables(pool: pg.Pool, token: string): Promise<void> {
  const countries = iso31661.map(({ alpha2 }) => `'${alpha2}'`).join(', ');
  await pool.query(readFileSync(sqlFile, 'utf8').replace(':countries]', `${countries}]`));
  await pool.query('insert into corporations values ($1, $2)', [
    reference.corporationId,
    'Example',
  ]);
  await pool.query('insert into access.tokens (id, hash, "right") values ($1, $2, $3)', [
    'tok_bench',
    createHash('sha256').update(token).digest('hex'),
    'write',
  ]);
}

function idsOf(name: string): { uid: number; gid: number } | null {
  const id = (option: string) =>
    Number(execFileSync('id', [option, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return [];
  }
}

function has(folder: string, program: string): boolean {
  try {
    accessSync(join(folder, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
