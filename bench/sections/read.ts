import type { Bench } from '../bench.js';
import { startBothFaces, startFloor } from '../contenders.js';
import { send } from '../lib/client.js';
import { clientele, sampleIds } from '../lib/clientele.js';
import { takeTurns } from '../lib/rounds.js';
import { ratios } from '../lib/stats.js';
import { type LoadRequest, load } from '../lib/wrk.js';
import type { SectionResult } from '../report/results.js';
import { inNdjson } from '../workload/population.js';

/** How many customers there are, and how many of them are read in turn. */
const [rows, different] = [10_000, 1000];

/** Customers by their id, by 50 connections. */
export async function readById(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const { database, server } = await startBothFaces(bench);
  await clientele(database, ['import', '-'], inNdjson(options.smoke ? different : rows));

  const ids = sampleIds(database, different);
  const overGraphql = ids.map((id) => ({ path: '/graphql', body: customerQuery(id) }));
  const overRest = ids.map((id) => ({ path: `/customers/${id}` }));

  // Every id has the same length, so one constant stands for all.
  const answer = (request: LoadRequest | undefined) =>
    send(server.url + request?.path, {
      token: template.token,
      ...(request?.body && { body: request.body }),
    });
  const answers = [await answer(overGraphql[0]), await answer(overRest[0])] as const;
  for (const { text } of answers) {
    if (!text.includes(ids[0] ?? '')) throw new Error(`The customer is not in ${text}`);
  }
  const floor = await startFloor(bench, {
    'POST /graphql': answers[0].text,
    other: answers[1].text,
  });

  const turn = (name: string, url: string, method: 'GET' | 'POST', requests: LoadRequest[]) => ({
    name,
    unit: 'reads/s',
    take: () =>
      load({
        ...{ url, method, token: template.token, requests },
        ...{ connections: 50, seconds: options.seconds, folder },
      }),
  });
  const turns = {
    graphql: turn('Clientele, customer(id)', server.url, 'POST', overGraphql),
    rest: turn('Clientele, GET /customers/{id}', server.url, 'GET', overRest),
    floorGraphql: turn('Floor, POST', floor.url, 'POST', overGraphql),
    floorRest: turn('Floor, GET', floor.url, 'GET', overRest),
  };
  if (!options.smoke) for (const { take } of Object.values(turns)) await take();
  const { graphql, rest, floorGraphql, floorRest } = await takeTurns(bench, 'read', turns);

  return {
    measurements: [graphql, rest, floorGraphql, floorRest],
    comparisons: [
      {
        what: 'customer(id) over GraphQL : floor',
        unit: 'times',
        values: ratios(graphql.values, floorGraphql.values),
        target: { atLeast: 0.5 },
      },
      {
        what: 'GET /customers/{id} : floor',
        unit: 'times',
        values: ratios(rest.values, floorRest.values),
        target: { atLeast: 0.65 },
      },
    ],
    notes: [],
  };
}

export function customerQuery(id: string): string {
  return JSON.stringify({
    query: 'query ($id: ID!) { customer(id: $id) { id name email corporationId createdAt } }',
    variables: { id },
  });
}
