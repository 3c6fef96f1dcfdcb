import type { Sql } from 'postgres';

/** What speaks PostgreSQL's protocol. */
export type Engine = 'PostgreSQL' | 'CockroachDB' | 'YugabyteDB';

/** Which one it is, by the version that it tells; docs/scaling.md has what differs. */
export async function engineOf(client: Sql): Promise<Engine> {
  const [{ version }] = await client.unsafe<[{ version: string }]>('select version()');
  if (version.startsWith('CockroachDB')) return 'CockroachDB';
  return version.includes('-YB-') ? 'YugabyteDB' : 'PostgreSQL';
}
