import type { Bench } from '../bench.js';
import { type Contender, startBothFaces, startPeer } from '../contenders.js';
import { copyTemplate } from '../lib/clientele.js';
import { rawInserts } from '../lib/raw.js';
import { takeTurns } from '../lib/rounds.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { load } from '../lib/wrk.js';
import type { Measurement, SectionResult, Target } from '../report/results.js';
import { createRequest } from './create.js';

/** One client that waits for each answer before it asks again. */
export async function single(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const faces = await startBothFaces(bench);
  const fastify = await startPeer(bench, 'fastify');

  const turn = (face: Contender) => ({
    name: face.name,
    unit: 'ms',
    take: () =>
      withRowsChecked(face, { perRequest: 1, connections: 1 }, () =>
        load({
          ...{ url: face.url, method: 'POST', token: template.token },
          requests: [createRequest(face.dialect)],
          ...{ connections: 1, seconds: options.seconds, folder },
        }),
      ),
  });
  const raw = copyTemplate(template, folder, 'raw');
  const turns = {
    graphql: turn(faces.graphql),
    rest: turn(faces.rest),
    fastify: turn(fastify),
    raw: {
      name: 'Raw insert, a transaction each',
      unit: 'ms',
      take: () => rawInserts(raw, options.seconds),
    },
  };
  if (!options.smoke) for (const { take } of Object.values(turns)) await take();
  const measured = await takeTurns(bench, 'single', turns);

  const compare = (what: string, { values }: Measurement, target: Target | null) => ({
    what: `${what} create alone, p50 : raw durable insert`,
    unit: 'times' as const,
    values: ratios(values, measured.raw.values),
    target,
  });
  const target = { atMost: 1.6 };
  return {
    measurements: Object.values(measured),
    comparisons: [
      compare('GraphQL', measured.graphql, target),
      compare('REST', measured.rest, target),
      compare('Fastify REST', measured.fastify, null),
    ],
    notes: [],
  };
}
