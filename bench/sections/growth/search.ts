import type { Bench } from '../../bench.js';
import { query } from '../../lib/client.js';
import { takeTurns } from '../../lib/rounds.js';
import { ratios } from '../../lib/stats.js';
import { load } from '../../lib/wrk.js';
import type { SectionResult } from '../../report/results.js';
import { clienteleGraphql } from '../../workload/dialects.js';
import { listQuery } from '../../workload/lists.js';
import { searchTerm } from '../../workload/population.js';
import { createRequest } from '../create.js';
import type { Served } from './database.js';

/** Different names to search for. */
const different = 200;

/** The search load beside creates. */
const perSecond = 20;

/** Searches that may be under way at once; where they take longer, fewer are begun. */
const atOnce = 20;

/** Search for a part of a name that five customers have, and what it costs the creates beside it. */
export async function search(bench: Bench, served: Served): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const { url, size } = served;
  const { token } = template;

  const bodies = Array.from({ length: different }, (_, n) => {
    return listQuery({ filter: { search: searchTerm(Math.floor((n * size) / different), size) } });
  });
  const requests = bodies.map((body) => ({ path: '/graphql', body: JSON.stringify(body) }));
  const { searches } = await takeTurns(bench, 'growth', {
    searches: {
      name: `search for a part of a name, of ${size.toLocaleString('en')}`,
      unit: 'ms',
      take: () =>
        load({
          ...{ url, method: 'POST', token, requests, connections: 1, folder },
          seconds: options.seconds,
        }),
    },
  });

  let searched = 0;
  const searchOnce = async () => {
    await query(url, token, bodies[searched++ % bodies.length] ?? listQuery({}));
  };
  const creates = () =>
    load({
      ...{ url, method: 'POST', token, requests: [createRequest(clienteleGraphql)] },
      ...{ connections: 50, seconds: options.seconds, folder },
    });
  const answered: number[] = [];
  const { alone, beside } = await takeTurns(bench, 'growth', {
    alone: { name: 'creates without a search beside', unit: 'creates/s', take: creates },
    beside: {
      name: `creates with ${perSecond} searches/s beside`,
      unit: 'creates/s',
      async take() {
        const { result, done } = await withBeside(searchOnce, creates);
        answered.push(done / options.seconds);
        return result;
      },
    },
  });

  return {
    measurements: [searches, alone, beside],
    comparisons: [
      {
        what: 'search for a part of a name, p99',
        unit: 'ms',
        values: searches.p99 ?? [],
        target: { atMost: 30 },
      },
      {
        what: 'creates with a search load : without',
        unit: 'times',
        values: ratios(beside.values, alone.values),
        target: { atLeast: 0.9 },
      },
    ],
    notes: [
      `Beside the creates ${perSecond} searches a second were asked for, and ` +
        `${answered.map((rate) => rate.toFixed(1)).join(', ')} answered.`,
    ],
  };
}

/** Does something at a steady rate while something else runs; counts how often it was done. */
async function withBeside<T>(work: () => Promise<void>, run: () => Promise<T>) {
  let done = 0;
  let failure: unknown = null;
  const underWay = new Set<Promise<void>>();
  const timer = setInterval(() => {
    if (underWay.size >= atOnce) return;
    const one = work()
      .then(() => {
        done++;
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }, 1000 / perSecond);
  try {
    const result = await run();
    const counted = done;
    clearInterval(timer);
    await Promise.all(underWay);
    if (failure) throw failure;
    return { result, done: counted };
  } finally {
    clearInterval(timer);
  }
}
