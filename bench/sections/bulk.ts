import type { Bench } from '../bench.js';
import { startBothFaces } from '../contenders.js';
import { copyTemplate, countRows } from '../lib/clientele.js';
import { rawRate } from '../lib/raw.js';
import { takeTurns } from '../lib/rounds.js';
import { withRowsChecked } from '../lib/rows.js';
import { ratios } from '../lib/stats.js';
import { load } from '../lib/wrk.js';
import type { SectionResult } from '../report/results.js';
import { bulkGraphql, bulkRest } from '../workload/bulk.js';
import { type ReferenceCustomer, reference } from '../workload/reference.js';

const perCall = 500;

/** One client that keeps the server busy while it waits for the disk, and no more. */
const connections = 2;

const unit = 'rows/s';

/** 500 customers a call. */
export async function bulk(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const { database, server } = await startBothFaces(bench);
  const customers = Array<ReferenceCustomer>(perCall).fill({ ...reference, externalId: '{n}' });

  const turn = (name: string, { path, body }: typeof bulkGraphql) => {
    const requests = [{ path, body: body(customers) }];
    return {
      name,
      unit,
      async take() {
        const result = await withRowsChecked(
          { name, pid: server.pid, countRows: () => countRows(database) },
          { perRequest: perCall, connections },
          () =>
            load({
              ...{ url: server.url, method: 'POST', token: template.token, requests },
              ...{ connections, seconds: options.seconds, folder },
            }),
        );
        return result.perSecond * perCall;
      },
    };
  };
  const raw = copyTemplate(template, folder, 'raw');
  const turns = {
    graphql: turn('Clientele, createCustomers', bulkGraphql),
    rest: turn('Clientele, POST /customers/bulk', bulkRest),
    raw: {
      name: 'Raw inserts in batches of 1,000',
      unit,
      take: () => rawRate(raw, { seconds: options.seconds }),
    },
  };
  if (!options.smoke) for (const { take } of Object.values(turns)) await take();
  const { graphql, rest, raw: rows } = await takeTurns(bench, 'bulk', turns);

  return {
    measurements: [graphql, rest, rows],
    comparisons: [
      {
        what: 'bulk over GraphQL, rows : raw inserts',
        unit: 'times',
        values: ratios(graphql.values, rows.values),
        target: { atLeast: 0.6 },
      },
      {
        what: 'bulk over REST, rows : raw inserts',
        unit: 'times',
        values: ratios(rest.values, rows.values),
        target: { atLeast: 0.6 },
      },
    ],
    notes: [],
  };
}
