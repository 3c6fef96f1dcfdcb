import type { Bench } from '../bench.js';
import { type Contender, startBothFaces, startPostgraphileOn } from '../contenders.js';
import { check } from '../lib/check.js';
import { startOnPostgres, type Tokened } from '../lib/onPostgres.js';
import { loopback, startPostgres } from '../lib/postgres.js';
import { findPostgres } from '../lib/postgresPrograms.js';
import { type Turn, takeTurns } from '../lib/rounds.js';
import { roundTrip } from '../lib/roundTrip.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { atRest } from '../lib/usage.js';
import { type LoadResult, load } from '../lib/wrk.js';
import type { Comparison, Measurement, SectionResult } from '../report/results.js';
import { createRequest } from './create.js';

const connections = 50;

/** Creates on PostgreSQL: by many clients, by two processes, and by one client over a slower network. */
export async function postgres(bench: Bench): Promise<SectionResult> {
  const programs = findPostgres();
  if (!programs) {
    const note = 'The section "postgres" was skipped: no PostgreSQL server was found.';
    return { measurements: [], comparisons: [], notes: [note] };
  }
  const { options, template, folder, say } = bench;
  const server = await startPostgres(programs, folder);
  const { graphql, rest, second, delayed, urls, countRoundTrips } = await startOnPostgres(
    bench,
    server,
  );
  const postgraphile = {
    ...(await startPostgraphileOn(bench, server, loopback)),
    token: template.token,
  };
  const sqlite = await startBothFaces(bench);
  const onSqlite = (face: Contender): Tokened => ({
    ...face,
    ...{ name: `${face.name} on SQLite`, token: template.token },
  });
  const contenders = {
    ...{ graphql, rest, postgraphile },
    ...{ sqliteGraphql: onSqlite(sqlite.graphql), sqliteRest: onSqlite(sqlite.rest) },
  };
  for (const each of [...Object.values(contenders), second, delayed]) {
    await check(each, each.token);
  }

  const put = ({ url, dialect, token }: Tokened, clients: number) =>
    load({
      ...{ url, method: 'POST', token, requests: [createRequest(dialect)] },
      ...{ connections: clients, seconds: options.seconds, folder },
    });
  const checked = (contender: Tokened, clients: number) =>
    withRowsChecked(contender, { perRequest: 1, connections: clients }, () =>
      put(contender, clients),
    );
  const both = async () => {
    const result = await withRowsChecked(graphql, { perRequest: 1, connections }, () =>
      together([put(graphql, connections / 2), put(second, connections / 2)]),
    );
    await atRest(second.pid);
    return result;
  };
  const roundTripsEach = async () => {
    const before = await countRoundTrips();
    const { requests } = await checked(delayed, 1);
    return ((await countRoundTrips()) - before) / requests;
  };
  const many = (contender: Tokened): Turn => ({
    ...{ name: contender.name, unit: 'creates/s', take: () => checked(contender, connections) },
  });
  const alone = (contender: Tokened, name: string): Turn => ({
    ...{ name: `One client, ${name}`, unit: 'ms', take: () => checked(contender, 1) },
  });
  const turns = {
    graphql: many(graphql),
    rest: many(rest),
    postgraphile: many(postgraphile),
    sqliteGraphql: many(contenders.sqliteGraphql),
    sqliteRest: many(contenders.sqliteRest),
    two: { name: 'Two processes, GraphQL on PostgreSQL', unit: 'creates/s', take: both },
    alone: alone(graphql, 'GraphQL on PostgreSQL'),
    aloneDelayed: alone(delayed, '1 ms away each way'),
    trips: {
      ...{ name: 'One client, round trips to PostgreSQL', unit: 'a create' },
      take: roundTripsEach,
    },
    trip: { name: 'Round trip to PostgreSQL', unit: 'ms', take: () => roundTrip(urls.direct) },
    tripDelayed: {
      ...{ name: 'Round trip, 1 ms away each way', unit: 'ms' },
      take: () => roundTrip(urls.delayed),
    },
  };
  if (!options.smoke) {
    say('postgres: warming up');
    for (const { take } of Object.values(turns)) await take();
  }
  const measured = await takeTurns(bench, 'postgres', turns);
  return { measurements: Object.values(measured), comparisons: compare(measured), notes: [] };
}

/** What several loads at once came to; of the times the worst. */
async function together(loads: Promise<LoadResult>[]): Promise<LoadResult> {
  const results = await Promise.all(loads);
  const sum = (of: (result: LoadResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    requests: sum(({ requests }) => requests),
    perSecond: sum(({ perSecond }) => perSecond),
    p50: Math.max(...results.map(({ p50 }) => p50)),
    p99: Math.max(...results.map(({ p99 }) => p99)),
  };
}

type Key =
  | 'graphql'
  | 'rest'
  | 'postgraphile'
  | 'sqliteGraphql'
  | 'sqliteRest'
  | 'two'
  | 'alone'
  | 'aloneDelayed'
  | 'trips'
  | 'trip'
  | 'tripDelayed';

function compare(measured: Record<Key, Measurement>): Comparison[] {
  const values = (key: Key) => measured[key].values;
  const of = (what: string, above: Key, below: Key, atLeast?: number): Comparison => ({
    ...{ what, unit: 'times', values: ratios(values(above), values(below)) },
    target: atLeast === undefined ? null : { atLeast },
  });
  return [
    of('GraphQL create on PostgreSQL : PostGraphile', 'graphql', 'postgraphile', 5),
    of('REST create on PostgreSQL : PostGraphile', 'rest', 'postgraphile'),
    of('GraphQL create on PostgreSQL : on SQLite', 'graphql', 'sqliteGraphql'),
    of('REST create on PostgreSQL : on SQLite', 'rest', 'sqliteRest'),
    of('Two processes : one', 'two', 'graphql'),
    {
      what: 'Round trips to PostgreSQL for a create by one client',
      ...{ unit: 'times', values: values('trips'), target: { atMost: 1.25 } },
    },
    of('One client, 1 ms away each way : without', 'aloneDelayed', 'alone'),
  ];
}
