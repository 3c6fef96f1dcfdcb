import type { Bench } from '../bench.js';
import {
  type Contender,
  type PeerName,
  peerNames,
  startBothFaces,
  startFloor,
  startPeer,
  startPostgraphile,
} from '../contenders.js';
import { check } from '../lib/check.js';
import { copyTemplate } from '../lib/clientele.js';
import { rawRate } from '../lib/raw.js';
import { type Turn, takeTurns } from '../lib/rounds.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { type LoadResult, load } from '../lib/wrk.js';
import type { Comparison, Measurement, SectionResult } from '../report/results.js';
import type { Dialect } from '../workload/dialects.js';
import { reference } from '../workload/reference.js';

const connections = 50;
const unit = 'creates/s';

/** Creates by 50 connections, over every server. */
export async function create(bench: Bench): Promise<SectionResult> {
  const { options, template, folder, say } = bench;
  const [faces, postgraphile, ...peers] = await Promise.all([
    startBothFaces(bench),
    startPostgraphile(bench),
    ...peerNames.map(async (peer) => [peer, await startPeer(bench, peer)] as const),
  ]);
  const contenders: Record<string, Contender> = {
    graphql: faces.graphql,
    rest: faces.rest,
    ...Object.fromEntries(peers),
    ...(postgraphile && { postgraphile }),
  };

  const answers: Record<string, string> = {};
  for (const [key, contender] of Object.entries(contenders)) {
    answers[key] = await check(contender, template.token);
  }
  const floor = await startFloor(bench, {
    'POST /graphql': answers.graphql ?? '',
    'POST /customers': answers.rest ?? '',
  });

  const loadOn = (url: string, dialect: Dialect, seconds: number) =>
    load({
      url,
      method: 'POST',
      token: template.token,
      requests: [createRequest(dialect)],
      connections,
      seconds,
      folder,
    });
  const loadChecked = (contender: Contender, seconds: number) =>
    withRowsChecked(contender, { perRequest: 1, connections }, () =>
      loadOn(contender.url, contender.dialect, seconds),
    );

  if (!options.smoke) {
    say('create: warming up');
    const { seconds } = options;
    for (const contender of Object.values(contenders)) await loadChecked(contender, seconds);
    for (const { dialect } of [faces.graphql, faces.rest]) {
      await loadOn(floor.url, dialect, seconds);
    }
  }

  const raw = copyTemplate(template, folder, 'raw');
  const floorTurn = (name: string, { dialect }: Contender) =>
    turn(name, () => loadOn(floor.url, dialect, options.seconds));
  const measured = await takeTurns(bench, 'create', {
    ...Object.fromEntries(
      Object.entries(contenders).map(([key, contender]) => [
        key,
        turn(contender.name, () => loadChecked(contender, options.seconds)),
      ]),
    ),
    floorGraphql: floorTurn('Floor (keeps nothing), as GraphQL', faces.graphql),
    floorRest: floorTurn('Floor (keeps nothing), as REST', faces.rest),
    raw: turn('Raw inserts in batches of 1,000', () => rawRate(raw, { seconds: options.seconds })),
  });

  return {
    measurements: Object.values(measured),
    comparisons: compare(measured),
    notes: postgraphile ? [] : ['PostGraphile was skipped: no PostgreSQL server was found.'],
  };
}

/** What load sends to create a customer. */
export function createRequest({ path, body }: Dialect) {
  return { path, body: body({ ...reference, externalId: '{n}' }) };
}

function turn(name: string, take: () => Promise<number | LoadResult>): Turn {
  return { name, unit, take };
}

type Key = PeerName | 'graphql' | 'rest' | 'postgraphile' | 'floorGraphql' | 'floorRest' | 'raw';

function compare(measured: Record<string, Measurement>): Comparison[] {
  const of = (what: string, above: Key, below: Key, atLeast: number | null): Comparison[] => {
    const [one, other] = [measured[above], measured[below]];
    if (!one || !other) return [];
    const values = ratios(one.values, other.values);
    return [{ what, unit: 'times', values, target: atLeast === null ? null : { atLeast } }];
  };
  const tail = (what: string, { p50 = [], p99 = [] }: Partial<Measurement> = {}): Comparison => ({
    what,
    unit: 'times',
    values: ratios(p99, p50),
    target: { atMost: 3 },
  });
  return [
    ...of('GraphQL create : Mercurius + JIT, commit per request', 'graphql', 'mercurius', 5),
    ...of('GraphQL create : Mercurius + JIT, our storage', 'graphql', 'mercuriusGrouped', 1.25),
    ...of('GraphQL create : Apollo', 'graphql', 'apollo', 7),
    ...of('GraphQL create : Yoga plain', 'graphql', 'yoga', 9),
    ...of('GraphQL create : PostGraphile', 'graphql', 'postgraphile', 12),
    ...of('GraphQL create : floor', 'graphql', 'floorGraphql', 0.45),
    ...of('REST create : floor', 'rest', 'floorRest', 0.6),
    ...of('REST create : Fastify, commit per request', 'rest', 'fastify', 5),
    ...of('REST create : Hono, commit per request', 'rest', 'hono', null),
    tail('GraphQL create, p99 : p50', measured.graphql),
    tail('REST create, p99 : p50', measured.rest),
  ];
}
