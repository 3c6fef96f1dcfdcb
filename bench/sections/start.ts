import type { Bench } from '../bench.js';
import { send } from '../lib/client.js';
import { copyTemplate, startClientele } from '../lib/clientele.js';
import { program } from '../lib/paths.js';
import { type RunningServer, startServer } from '../lib/processes.js';
import { takeTurns } from '../lib/rounds.js';
import { ratios } from '../lib/stats.js';
import type { SectionResult } from '../report/results.js';
import { clienteleGraphql } from '../workload/dialects.js';
import { reference } from '../workload/reference.js';

/** How often, in ms, to look whether a server listens. */
const pollEvery = 2;

/** A median of fewer starts says little. */
const fewestStarts = 5;

/** From the start of the process to the first request that it has answered. */
export async function startUp(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const database = copyTemplate(template, folder, 'start');
  const rounds = options.smoke ? 1 : Math.max(options.rounds, fewestStarts);

  let starts = 0;
  const turn = (name: string, start: () => Promise<RunningServer>, body: () => string) => ({
    name,
    unit: 'ms',
    async take() {
      const startedAt = performance.now();
      const server = await start();
      const { text } = await send(`${server.url}/graphql`, {
        token: template.token,
        body: body(),
      });
      const milliseconds = performance.now() - startedAt;
      await server.stop();
      if (!text.includes(firstAnswer)) throw new Error(`${name} answered ${text}`);
      return milliseconds;
    },
  });
  const firstAnswer = '"data":{"';
  const { clientele, yoga } = await takeTurns(
    { ...bench, options: { ...options, rounds } },
    'start',
    {
      clientele: turn(
        'Clientele, to its first create',
        () => startClientele(database, folder, { pollEvery }),
        () => clienteleGraphql.body({ ...reference, externalId: `ext_start_${starts++}` }),
      ),
      yoga: turn(
        'An empty Yoga, to its first hello',
        () =>
          startServer('empty-yoga', [program('servers/empty-yoga.js')], {
            folder,
            env: {},
            pollEvery,
          }),
        () => JSON.stringify({ query: '{ hello }' }),
      ),
    },
  );

  return {
    measurements: [clientele, yoga],
    comparisons: [
      {
        what: 'start to the first answer',
        unit: 'ms',
        values: clientele.values,
        target: { atMost: 600 },
        group: 'start',
      },
      {
        what: 'start to the first answer : an empty Yoga',
        unit: 'times',
        values: ratios(clientele.values, yoga.values),
        target: { atMost: 2.5 },
        group: 'start',
      },
    ],
    notes: [],
  };
}
