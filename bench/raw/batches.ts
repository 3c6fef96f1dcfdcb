import { openRaw } from './shared.js';

/**
 * Inserts in batches of 1,000: what SQLite can do. `batches.js DATABASE seconds N` goes on for so
 * long, `batches.js DATABASE rows N` until so many are in.
 */

const batchSize = 1000;

const [path = '', until, limit = '1'] = process.argv.slice(2);
const { database, insertNext } = await openRaw(path);

const insertBatch = database.transaction((size: number) => {
  for (let n = 0; n < size; n++) insertNext();
});

const startedAt = performance.now();
const elapsed = () => (performance.now() - startedAt) / 1000;
let rows = 0;
while (until === 'rows' ? rows < Number(limit) : elapsed() < Number(limit)) {
  const size = until === 'rows' ? Math.min(batchSize, Number(limit) - rows) : batchSize;
  insertBatch(size);
  rows += size;
}
// As the import does, whose command ends with it: brings the log into the database.
if (until === 'rows') database.close();
console.log(JSON.stringify({ rows, perSecond: rows / elapsed() }));
