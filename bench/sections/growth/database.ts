import type { Bench } from '../../bench.js';
import { query, send } from '../../lib/client.js';
import { clientele, copyTemplate, sampleIds, startClientele } from '../../lib/clientele.js';
import { atRest } from '../../lib/usage.js';
import { cursorQuery } from '../../workload/lists.js';
import { inNdjson, person } from '../../workload/population.js';

/** Clientele on a database of a certain size, served. */
export type Served = {
  url: string;
  size: number;
  /** Ids spread over the customers. */
  ids: string[];
  /** A cursor in the middle of the list. */
  middle: string;
};

/** The most that one page holds. */
const page = 100;

/** Ids to read in turn. */
const samples = 200;

/** Builds a database with so many customers in one corporation, and serves it. */
export async function serveWith(
  bench: Bench,
  name: string,
  size: number,
  { corporationsBeside }: { corporationsBeside: number },
): Promise<Served> {
  const { template, folder, say } = bench;
  const database = copyTemplate(template, folder, name);
  say(`growth  building a database of ${size.toLocaleString('en')} customers`);
  await clientele(database, ['import', '-'], inNdjson(size));

  const { url, pid } = await startClientele(database, folder, { name });
  for (let n = 0; n < corporationsBeside; n++) await addCorporation(bench, url, n);
  const middle = await cursorAt(Math.floor(size / 2), url, template.token);
  await atRest(pid);
  return { url, size, ids: sampleIds(database, samples), middle };
}

/** A corporation with a few customers of its own. */
async function addCorporation({ template }: Bench, url: string, n: number): Promise<void> {
  const post = async (path: string, body: unknown) => {
    const answer = await send(url + path, { token: template.token, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.text}`);
    return JSON.parse(answer.text) as { data: { id: string } };
  };
  const { data } = await post('/corporations', {
    legal_name: `Corporation ${n}`,
    jurisdiction: 'US',
  });
  const customers = Array.from({ length: 10 }, (_, index) => {
    const { name, email, externalId } = person(index, 100);
    return { corporation_id: data.id, name, email, external_id: externalId };
  });
  await post('/customers/bulk', { customers });
}

async function cursorAt(depth: number, url: string, token: string): Promise<string> {
  let cursor: string | null = null;
  for (let left = depth; left > 0; left -= page) {
    const body = cursorQuery(cursor, Math.min(page, left));
    const data: { customers: { pageInfo: { endCursor: string } } } = await query(url, token, body);
    cursor = data.customers.pageInfo.endCursor;
  }
  return cursor ?? '';
}
