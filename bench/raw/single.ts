import { percentile } from '../lib/stats.js';
import { openRaw } from './shared.js';

/** `single.js DATABASE SECONDS`: one insert after the other, each in a transaction of its own. */

const [path = '', seconds = '1'] = process.argv.slice(2);
const { database, insertNext } = await openRaw(path);

const milliseconds: number[] = [];
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const startedAt = performance.now();
  insertNext();
  milliseconds.push(performance.now() - startedAt);
}
console.log(
  JSON.stringify({
    rows: milliseconds.length,
    p50: percentile(milliseconds, 50),
    p99: percentile(milliseconds, 99),
  }),
);
database.close();
