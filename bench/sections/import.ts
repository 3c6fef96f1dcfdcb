import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bench } from '../bench.js';
import { clientele, copyTemplate, countRows } from '../lib/clientele.js';
import { rawRate } from '../lib/raw.js';
import { takeTurns } from '../lib/rounds.js';
import { ratios } from '../lib/stats.js';
import type { SectionResult } from '../report/results.js';
import { inNdjson } from '../workload/population.js';

const unit = 'rows/s';

/** `clientele import` of a file, from the start of the command to its end. */
export async function importFile(bench: Bench): Promise<SectionResult> {
  const { options, template, folder } = bench;
  const rows = options.importRows;
  const file = join(folder, 'customers.ndjson');
  await pipeline(inNdjson(rows), createWriteStream(file));

  let copies = 0;
  const emptyDatabase = () => copyTemplate(template, folder, `import-${copies++}`);
  const { command, raw } = await takeTurns(bench, 'import', {
    command: {
      name: 'clientele import',
      unit,
      async take() {
        const database = emptyDatabase();
        const startedAt = performance.now();
        await clientele(database, ['import', file]);
        const seconds = (performance.now() - startedAt) / 1000;
        const landed = countRows(database);
        if (landed !== rows) throw new Error(`import was given ${rows}, and ${landed} are there.`);
        return rows / seconds;
      },
    },
    raw: {
      name: 'Raw inserts in batches of 1,000',
      unit,
      take: () => rawRate(emptyDatabase(), { rows }),
    },
  });

  return {
    measurements: [command, raw],
    comparisons: [
      {
        what: 'clientele import, rows : raw inserts',
        unit: 'times',
        values: ratios(command.values, raw.values),
        target: { atLeast: 0.7 },
      },
    ],
    notes: [],
  };
}
