import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { copyTemplate, countRows, startClientele } from './lib/clientele.js';
import { program } from './lib/paths.js';
import { createPostgraphileTables } from './lib/postgraphileTables.js';
import { countRowsOf, type Postgres, startPostgres } from './lib/postgres.js';
import { findPostgres } from './lib/postgresPrograms.js';
import { type RunningServer, startServer } from './lib/processes.js';
import type { Counted } from './lib/rows.js';
import {
  clienteleGraphql,
  type Dialect,
  plainGraphql,
  postgraphile,
  rest,
} from './workload/dialects.js';

/** A server that creates customers, started. */
export type Contender = Counted & { url: string; dialect: Dialect };

const commitEach = 'commit per request';

/** The servers with SQLite and a commit for each request, and the one with Clientele's storage. */
const peers = {
  mercuriusGrouped: { program: 'mercurius-grouped', name: 'Mercurius + JIT, our storage' },
  mercurius: { program: 'mercurius', name: `Mercurius + JIT, ${commitEach}` },
  apollo: { program: 'apollo', name: `Apollo Server, ${commitEach}` },
  yoga: { program: 'yoga', name: `Yoga + Pothos, ${commitEach}` },
  fastify: { program: 'fastify', name: `Fastify REST, ${commitEach}` },
  hono: { program: 'hono', name: `Hono REST, ${commitEach}` },
} as const;

export type PeerName = keyof typeof peers;
export const peerNames = Object.keys(peers) as PeerName[];

export async function startPeer(bench: Bench, peer: PeerName): Promise<Contender> {
  const { program: file, name } = peers[peer];
  const database = copyTemplate(bench.template, bench.folder, file);
  const { url, pid } = await startServer(file, [program(`servers/${file}.js`)], {
    folder: bench.folder,
    env: { DATABASE: database },
  });
  const dialect = peer === 'fastify' || peer === 'hono' ? rest : plainGraphql;
  return { name, url, pid, dialect, countRows: () => countRows(database) };
}

/** Clientele behind both its faces: one process, one database. */
export async function startBothFaces({ template, folder }: Bench) {
  const database = copyTemplate(template, folder, 'clientele');
  const server = await startClientele(database, folder);
  const face = (name: string, dialect: Dialect): Contender => ({
    name,
    url: server.url,
    pid: server.pid,
    dialect,
    countRows: () => countRows(database),
  });
  return {
    database,
    server,
    graphql: face('Clientele, GraphQL', clienteleGraphql),
    rest: face('Clientele, REST', rest),
  };
}

/** PostGraphile on a PostgreSQL of its own; null where there is none. */
export async function startPostgraphile(bench: Bench): Promise<Contender | null> {
  const programs = findPostgres();
  if (!programs) return null;
  const postgres = await startPostgres(programs, bench.folder);
  return startPostgraphileOn(bench, postgres, postgres.socketFolder);
}

/** PostGraphile in a database of its own on a server, which it reaches by a host or a socket. */
export async function startPostgraphileOn(
  { template, folder }: Bench,
  { createDatabase, user, port }: Postgres,
  host: string,
): Promise<Contender> {
  const database = await createDatabase('postgraphile');
  await createPostgraphileTables(database, template.token);
  const { url, pid } = await startServer(
    'postgraphile',
    [program('servers/postgraphile/server.js')],
    {
      folder,
      env: { PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: 'postgraphile' },
    },
  );
  return {
    name: 'PostGraphile on PostgreSQL',
    url,
    pid,
    dialect: postgraphile,
    countRows: () => countRowsOf(database),
  };
}

/** The floor, with what it answers to "METHOD path"; "other" to everything else. */
export function startFloor(
  { folder }: Pick<Bench, 'folder'>,
  answers: Record<string, string>,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningServer> {
  const file = join(folder, 'floor.json');
  writeFileSync(file, JSON.stringify(answers));
  return startServer('floor', [program('servers/floor.js')], {
    folder,
    env: { ANSWERS: file, ...env },
  });
}
