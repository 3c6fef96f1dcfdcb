import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of the server, without a database; absent when the tests run on SQLite. */
    postgresServer?: string;
  }
}

/** Where Debian puts what is not in the PATH. */
const debian = '/usr/lib/postgresql';

/** A cluster for this run alone, on a port that was free. What is returned takes it away again. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const programs = findPrograms();
  const home = mkdtempSync(join(tmpdir(), 'clientele-postgres-'));
  // PostgreSQL refuses to run as root.
  const owner = process.getuid?.() === 0 ? idsOf('postgres') : null;
  if (owner) chownSync(home, owner.uid, owner.gid);
  const data = join(home, 'data');
  const options = { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] as const, ...owner };
  execFileSync(
    join(programs, 'initdb'),
    [`--pgdata=${data}`, '--username=clientele', '--auth=trust', '--encoding=UTF8'],
    options as object,
  );
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    [
      ...['-D', data, '-k', home, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'],
      // None of it is to outlive the run.
      ...['fsync=off', 'full_page_writes=off', 'max_connections=500'].flatMap((s) => ['-c', s]),
      ...['-c', 'log_min_messages=panic'],
    ],
    options as object,
  );
  const ended = once(server, 'exit');
  const url = `postgres://clientele@127.0.0.1:${port}`;
  await Promise.race([
    answering(url),
    ended.then(() => Promise.reject(new Error('PostgreSQL ended before it answered.'))),
  ]);
  project.provide('postgresServer', url);

  return async () => {
    // Its "fast" shutdown: it does not wait for clients.
    server.kill('SIGINT');
    await ended;
    rmSync(home, { recursive: true });
  };
}

async function answering(url: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const client = postgres(`${url}/postgres`, { max: 1 });
    try {
      await client`select 1`;
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await pause(100);
    } finally {
      await client.end();
    }
  }
}

function findPrograms(): string {
  const versions = listed(debian).map((version) => join(debian, version, 'bin'));
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  const found = folders.find((folder) => has(folder, 'initdb') && has(folder, 'postgres'));
  if (found) return found;
  throw new Error(
    'PostgreSQL is not installed, and these tests run on a real one. On Debian and Ubuntu: ' +
      'apt-get install postgresql; elsewhere, put its initdb and postgres into the PATH.',
  );
}

function idsOf(name: string): { uid: number; gid: number } {
  const id = (option: string) => Number(execFileSync('id', [option, name]));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
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
