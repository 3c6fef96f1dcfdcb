import type { Bench } from '../bench.js';
import { type Contender, startBothFaces } from '../contenders.js';
import { copyTemplate } from '../lib/clientele.js';
import { rawInserts } from '../lib/raw.js';
import { takeTurns } from '../lib/rounds.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { load } from '../lib/wrk.js';
import type { Measurement, SectionResult } from '../report/results.js';
import { createRequest } from './create.js';

/** One client that waits for each answer before it asks again. */
export async function single(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const faces = await startBothFaces(bench);

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
    raw: {
      name: 'Raw insert, a transaction each',
      unit: 'ms',
      take: () => rawInserts(raw, options.seconds),
    },
  };
  if (!options.smoke) for (const { take } of Object.values(turns)) await take();
  const measured = await takeTurns(bench, 'single', turns);

  const compare = (what: string, { values }: Measurement) => ({
    what,
    unit: 'times' as const,
    values: ratios(values, measured.raw.values),
    target: { atMost: 1.6 },
  });
  return {
    measurements: Object.values(measured),
    comparisons: [
      compare('GraphQL create alone, p50 : raw durable insert', measured.graphql),
      compare('REST create alone, p50 : raw durable insert', measured.rest),
    ],
    notes: [],
  };
}
