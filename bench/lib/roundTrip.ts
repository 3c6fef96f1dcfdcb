import pg from 'pg';
import { median } from './stats.js';

const times = 200;

/** How long, in ms, the least that a database can be asked takes: the median of many. */
export async function roundTrip(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const taken: number[] = [];
    for (let n = 0; n < times; n++) {
      const startedAt = performance.now();
      await client.query('select 1');
      taken.push(performance.now() - startedAt);
    }
    return median(taken);
  } finally {
    await client.end();
  }
}
