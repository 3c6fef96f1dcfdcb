import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { iso31661 } from 'iso-3166/1.js';
import type { Pool } from 'pg';
import { reference } from '../workload/reference.js';
import { sqlFile } from './paths.js';

/** The tables of PostGraphile, with the corporation of the reference request and one token. */
export async function createPostgraphileTables(database: Pool, token: string): Promise<void> {
  const countries = iso31661.map(({ alpha2 }) => `'${alpha2}'`).join(', ');
  await database.query(readFileSync(sqlFile, 'utf8').replace(':countries]', `${countries}]`));
  await database.query('insert into corporations values ($1, $2)', [
    reference.corporationId,
    'Example',
  ]);
  await database.query('insert into access.tokens (id, hash, "right") values ($1, $2, $3)', [
    'tok_bench',
    createHash('sha256').update(token).digest('hex'),
    'write',
  ]);
}
