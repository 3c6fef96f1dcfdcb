import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { run, start } from './processes.js';

/** A server of PostgreSQL. */
export type Postgres = {
  port: number;
  user: string;
  /** The folder of its Unix socket; it listens on 127.0.0.1 too. */
  socketFolder: string;
  /** Makes a database and resolves to a connection to it. */
  createDatabase(name: string): Promise<pg.Pool>;
};

const user = 'bench';
export const loopback = '127.0.0.1';

/** A cluster for this run alone, as initdb makes it: fsync is on. */
export async function startPostgres(programs: string, folder: string): Promise<Postgres> {
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
  const port = await freePort();
  const server = start(
    join(programs, 'postgres'),
    ['-D', data, '-k', home, '-p', String(port), '-c', `listen_addresses=${loopback}`],
    // Its "fast" and its "immediate" shutdown: it does not wait for clients, and its own processes
    // end with it.
    { ...options, stdio: 'ignore', signals: { stop: 'SIGINT', end: 'SIGQUIT' } },
  );

  const connect = (database: string) => {
    const pool = new pg.Pool({ host: home, port, user, database, max: 1 });
    pool.on('error', () => {});
    server.once('exit', () => void pool.end());
    return pool;
  };
  const maintenance = connect('postgres');
  await answering(maintenance);

  return {
    port,
    user,
    socketFolder: home,
    async createDatabase(name) {
      await maintenance.query(`create database ${name}`);
      return connect(name);
    },
  };
}

/** How many customers a database has. */
export async function countRowsOf(database: pg.Pool): Promise<number> {
  const { rows } = await database.query('select count(*)::int as count from customers');
  return rows[0].count as number;
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

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, loopback);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
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
