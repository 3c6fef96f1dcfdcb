import type { Bench } from '../../bench.js';
import { query } from '../../lib/client.js';
import { takeTurns } from '../../lib/rounds.js';
import { ratios } from '../../lib/stats.js';
import { load } from '../../lib/wrk.js';
import type { Comparison, Measurement, SectionResult } from '../../report/results.js';
import { externalIdQuery, listQuery } from '../../workload/lists.js';
import { person, searchTerm } from '../../workload/population.js';
import { type Served, serveWith } from './database.js';
import { type Operation, operations } from './operations.js';
import { search } from './search.js';

const small = 1000;
const corporationsBeside = 1000;

/** What a large database does to the time of an answer. */
export async function growth(bench: Bench): Promise<SectionResult> {
  const { options } = bench;
  const large = await serveWith(bench, 'large', options.growthCustomers, { corporationsBeside });
  const few = await serveWith(bench, 'small', small, { corporationsBeside: 0 });
  // Creates have a small database of their own: the other one would not stay small.
  const growing = await serveWith(bench, 'growing', small, { corporationsBeside: 0 });
  for (const served of [large, few]) await findsAll(served, bench.template.token);

  const measurements: Measurement[] = [];
  const comparisons: Comparison[] = [];
  for (const operation of operations) {
    const creates = operation.name.startsWith('create');
    const turns = {
      small: turn(bench, operation, creates ? growing : few),
      large: turn(bench, operation, large),
    };
    if (!options.smoke) for (const { take } of Object.values(turns)) await take();
    const measured = await takeTurns(bench, 'growth', turns);
    measurements.push(...Object.values(measured));
    comparisons.push({
      what: `${operation.name}: large : small`,
      unit: 'times',
      values: ratios(measured.large.values, measured.small.values),
      target: { atMost: 1.3 },
    });
  }

  const searched = await search(bench, large);
  return {
    measurements: [...measurements, ...searched.measurements],
    comparisons: [...comparisons, ...searched.comparisons],
    notes: searched.notes,
  };
}

function turn({ template, folder }: Bench, { name, method, requests }: Operation, served: Served) {
  const { url, size } = served;
  const list = requests(served);
  const timed = (seconds: number) =>
    load({
      ...{ url, method, token: template.token, requests: list },
      ...{ connections: 1, seconds, folder },
    });
  return {
    name: `${name}, of ${size.toLocaleString('en')}`,
    unit: 'ms',
    // A second is enough for the median of what takes a millisecond.
    async take() {
      const result = await timed(1);
      return result.requests >= 3 ? result : timed(20);
    },
  };
}

type Named = { name: string };

/** Looks whether the filters find whom they should, before they are timed. */
async function findsAll({ url, size }: Served, token: string): Promise<void> {
  const index = Math.floor(size / 200) * 100;
  const { name, email, externalId, sourcePlatform, sourcePlatformId } = person(index, size);
  const filters: Record<string, string | string[]>[] = [
    { email },
    { name },
    { sourcePlatforms: [sourcePlatform] },
    { sourcePlatformIds: [sourcePlatformId] },
    { search: searchTerm(index, size) },
  ];
  for (const filter of filters) {
    const body = listQuery({ filter });
    const { customers } = await query<{ customers: { nodes: Named[] } }>(url, token, body);
    const found = customers.nodes.map((node) => node.name);
    if (!found.includes(name) || found.length > 5) {
      throw new Error(`${JSON.stringify(filter)} finds ${found.join(', ') || 'nobody'}.`);
    }
  }
  const body = externalIdQuery(externalId);
  const found = await query<{ customerByExternalId: Named | null }>(url, token, body);
  if (found.customerByExternalId?.name !== name) throw new Error(`${externalId} is not found.`);
}
