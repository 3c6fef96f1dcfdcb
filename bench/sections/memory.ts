import type { Bench } from '../bench.js';
import { startBothFaces } from '../contenders.js';
import { send } from '../lib/client.js';
import { countRows } from '../lib/clientele.js';
import { residentMemory } from '../lib/usage.js';
import type { SectionResult } from '../report/results.js';
import { bulkRest } from '../workload/bulk.js';
import { clienteleGraphql, type Dialect, rest } from '../workload/dialects.js';
import { reference } from '../workload/reference.js';

/** What is done over and over: 10,000 creates, of which a tenth one by one, over both faces. */
const step = { creates: 10_000, graphql: 500, rest: 500, bulk: 18, perBulk: 500 };
const connections = 50;

/** How much memory the server holds after 10,000 creates and after many more. */
export async function memory(bench: Bench): Promise<SectionResult> {
  const { options, template, say } = bench;
  const { server, database } = await startBothFaces(bench);
  const { url, pid } = server;

  let customers = 0;
  const next = () => ({ ...reference, externalId: `ext_memory_${customers++}` });
  const post = async (path: string, body: string) => {
    const { status, text } = await send(url + path, { token: template.token, body });
    if (status >= 300) throw new Error(`${path} answered ${status} ${text.slice(0, 500)}`);
  };
  const createOne = ({ path, body }: Dialect) => post(path, body(next()));

  const takeStep = async () => {
    await times(step.graphql, connections, () => createOne(clienteleGraphql));
    await times(step.rest, connections, () => createOne(rest));
    await times(step.bulk, 2, () => {
      const list = Array.from({ length: step.perBulk }, next);
      return post(bulkRest.path, bulkRest.body(list));
    });
  };

  await takeStep();
  const early = residentMemory(pid);
  say(`memory  after ${customers} creates: ${early.toFixed(0)} MiB`);
  while (customers < options.memoryCreates) {
    await takeStep();
    if (customers % 100_000 === 0) {
      say(`memory  after ${customers} creates: ${residentMemory(pid).toFixed(0)} MiB`);
    }
  }
  const late = residentMemory(pid);
  const landed = countRows(database);
  if (landed !== customers) throw new Error(`${customers} creates, and ${landed} rows are there.`);

  const measurement = (name: string, value: number) => ({
    section: 'memory',
    name,
    unit: 'MiB',
    values: [value],
  });
  const creates = customers.toLocaleString('en');
  return {
    measurements: [
      measurement('Clientele after 10,000 creates', early),
      measurement(`Clientele after ${creates} creates`, late),
    ],
    comparisons: [
      {
        what: `memory after ${creates} creates : after 10,000`,
        unit: 'times',
        values: [late / early],
        target: { atMost: 1.25 },
      },
    ],
    notes: [],
  };
}

/** Does something so many times, some of them at once. */
async function times(count: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left--;
      await work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
