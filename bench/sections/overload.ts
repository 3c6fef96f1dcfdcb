import type { Bench } from '../bench.js';
import { type Contender, startBothFaces } from '../contenders.js';
import { paced } from '../lib/pace.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { load } from '../lib/wrk.js';
import type { Measurement, SectionResult } from '../report/results.js';
import { createRequest } from './create.js';

/** A tenth of what the server can carry leaves it unloaded; twice is more than it can answer. */
const shares = { unloaded: 0.1, overloaded: 2, afterwards: 0.1 } as const;
type Share = keyof typeof shares;

/** Clients that do not know of each other, of which each waits for its answer. */
const connections = 2000;

/** Twice as many creates as the server can carry: how those fare that it takes, and it afterwards. */
export async function overload(bench: Bench): Promise<SectionResult> {
  const { options, template, folder, say } = bench;
  const { seconds } = options;
  const faces = await startBothFaces(bench);

  const results: SectionResult = { measurements: [], comparisons: [], notes: [] };
  for (const face of [faces.graphql, faces.rest]) {
    const request = createRequest(face.dialect);
    const closed = () =>
      withRowsChecked(face, { perRequest: 1, connections: 50 }, () =>
        load({
          ...{ url: face.url, method: 'POST', token: template.token, requests: [request] },
          ...{ connections: 50, seconds, folder },
        }),
      );
    const open = (rate: number) =>
      withRowsChecked(face, { perRequest: 1, connections: 0 }, () =>
        paced({
          ...{ url: face.url, token: template.token, request },
          ...{ rate, connections, seconds },
        }),
      );
    await closed();
    const measured = measurementsOf(face);
    for (let round = 1; round <= options.rounds; round++) {
      const { perSecond } = await closed();
      for (const share of Object.keys(shares) as Share[]) {
        const rate = Math.round(perSecond * shares[share]);
        const { taken, refused, heartbeats } = await open(rate);
        const { times, rates, refusals, stalls } = measured[share];
        times.values.push(taken.p50);
        times.p50?.push(taken.p50);
        times.p99?.push(taken.p99);
        rates.values.push(taken.count / seconds);
        refusals.values.push(refused.p99);
        stalls.values.push(heartbeats.max);
        say(
          `overload ${round}/${options.rounds}  ${face.name}, ${share}: ${rate}/s sent, ` +
            `${Math.round(taken.count / seconds)}/s taken, p99 ${taken.p99.toFixed(1)} ms`,
        );
      }
    }
    const { unloaded, overloaded, afterwards } = measured;
    for (const of of [unloaded, overloaded, afterwards]) {
      results.measurements.push(of.times, of.rates, of.stalls);
    }
    results.measurements.push(overloaded.refusals);
    const tail = ({ times }: { times: Measurement }) => times.p99 ?? [];
    results.comparisons.push(
      {
        what: `${face.name}, twice the load: p99 of what is taken : unloaded`,
        unit: 'times',
        values: ratios(tail(overloaded), tail(unloaded)),
        target: { atMost: 5 },
      },
      {
        what: `${face.name}, after it: p99 : before`,
        unit: 'times',
        values: ratios(tail(afterwards), tail(unloaded)),
        target: null,
      },
      {
        what: `${face.name}, twice the load: the longest wait for /healthz`,
        unit: 'ms',
        values: overloaded.stalls.values,
        target: { atMost: 100 },
      },
    );
  }
  return results;
}

function measurementsOf({ name }: Contender) {
  const measurement = (what: string, unit: string): Measurement => ({
    ...{ section: 'overload', name: `${name}, ${what}`, unit, values: [] },
  });
  const of = (share: string) => ({
    times: { ...measurement(share, 'ms'), p50: [], p99: [] } as Measurement,
    rates: measurement(`${share}, taken`, 'creates/s'),
    refusals: measurement(`${share}, p99 of a refusal`, 'ms'),
    stalls: measurement(`${share}, longest wait for /healthz`, 'ms'),
  });
  return {
    unloaded: of('a tenth of the load'),
    overloaded: of('twice the load'),
    afterwards: of('a tenth again'),
  };
}
