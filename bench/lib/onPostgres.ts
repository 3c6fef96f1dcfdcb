import type { Bench } from '../bench.js';
import type { Contender } from '../contenders.js';
import { clienteleGraphql, type Dialect, rest } from '../workload/dialects.js';
import { prepareDatabase, startClientele } from './clientele.js';
import { program } from './paths.js';
import { countRowsOf, loopback, type Postgres } from './postgres.js';
import { type RunningServer, startServer } from './processes.js';

/** A server that creates customers, and the token that it lets do so. */
export type Tokened = Contender & { token: string };

/** How long, in ms, the slower network takes each way. */
const delay = '1';

/**
 * Clientele on one database of a server: two processes beside each other, and a third that reaches
 * the database over a slower network.
 */
export async function startOnPostgres({ folder }: Bench, postgres: Postgres) {
  const { port, user } = postgres;
  const database = await postgres.createDatabase('clientele');
  const urlAt = (port: number) => `postgres://${user}@${loopback}:${port}/clientele`;
  const proxy = await startServer('delay', [program('servers/delay.js')], {
    folder,
    env: { HOST: loopback, PORT: String(port), DELAY: delay },
  });
  const network = async () =>
    (await (await fetch(proxy.url)).json()) as { port: number; roundTrips: number };
  const urls = { direct: urlAt(port), delayed: urlAt((await network()).port) };
  const token = await prepareDatabase(urls.direct);

  const face = ({ url, pid }: RunningServer, name: string, dialect: Dialect): Tokened => ({
    ...{ name, url, pid, dialect, token },
    countRows: () => countRowsOf(database),
  });
  const first = await startClientele(urls.direct, folder, { name: 'on-postgres' });
  const second = await startClientele(urls.direct, folder, { name: 'on-postgres-too' });
  const far = await startClientele(urls.delayed, folder, { name: 'on-postgres-afar' });
  return {
    urls,
    /** How often the slower network was crossed and back, since it is there. */
    countRoundTrips: async () => (await network()).roundTrips,
    graphql: face(first, 'Clientele, GraphQL on PostgreSQL', clienteleGraphql),
    rest: face(first, 'Clientele, REST on PostgreSQL', rest),
    second: face(second, 'Clientele, second process on PostgreSQL', clienteleGraphql),
    delayed: face(far, 'Clientele, PostgreSQL 1 ms away', clienteleGraphql),
  };
}
