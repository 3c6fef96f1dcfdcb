import { hash } from 'node:crypto';
import { operator } from '../access/viewer.js';
import { DomainError, OutcomeUnknownError, UnavailableError } from '../errors.js';
import { HttpError } from '../http/errors.js';
import { fromWire } from '../rest/names.js';
import { type Problem, toProblem } from '../rest/problem.js';
import type { Services } from '../services.js';
import { FileError, type Row } from './rows.js';

/** What a row takes that does not say it itself. */
export type ImportDefaults = {
  corporationId?: string | undefined;
  sourcePlatform?: string | undefined;
};

export type Rejection = { line: number; error: Omit<Problem, 'request_id'>; row: unknown };

export type ImportCounts = {
  /** Rows that were read. */
  rows: number;
  created: number;
  /** Rows whose customer was there, and is now as the row says. */
  updated: number;
  /** Rows without an id or external id that an earlier run of the same file has created. */
  repeated: number;
  rejected: number;
};

type Accepted = 'created' | 'updated' | 'repeated';

/** Rows that share a commit, and how long, in characters, they may be together. */
const [batchSize, batchLength] = [1000, 10_000_000];

/** The keys of an import are its own, and those of no token. */
const importer = { ...operator, tokenId: 'import' };

/**
 * Brings rows in, batch by batch: one with an `id` makes that customer what it says, or creates it;
 * one with an `external_id` is an upsert; any other is created once for its line, however often the
 * same row is imported on the same line within 24 hours. Yields the counts after each batch is on disk.
 */
export async function* importRows(
  rows: AsyncIterable<Row>,
  { customers }: Pick<Services, 'customers'>,
  defaults: ImportDefaults,
  reject: (rejection: Rejection) => Promise<void>,
): AsyncGenerator<ImportCounts> {
  const counts: ImportCounts = { rows: 0, created: 0, updated: 0, repeated: 0, rejected: 0 };

  for await (const batch of inBatches(rows)) {
    const outcomes = await Promise.all(batch.map(bringIn));
    for (const outcome of outcomes) {
      counts.rows++;
      if (typeof outcome === 'string') counts[outcome]++;
      else {
        counts.rejected++;
        await reject(outcome);
      }
    }
    yield { ...counts };
  }

  async function bringIn(row: Row): Promise<Accepted | Rejection> {
    try {
      if (!row.content) {
        throw new HttpError('MALFORMED_JSON', 'The row is not well-formed, or is no object.');
      }
      return await write(row, fromWire(row.content) as Record<string, unknown>);
    } catch (error) {
      // The database's fault and not the row's: the import cannot go on.
      if (error instanceof UnavailableError || error instanceof OutcomeUnknownError) throw error;
      if (!(error instanceof DomainError || error instanceof HttpError)) throw error;
      const { request_id: _, ...problem } = toProblem(error, '');
      return { line: row.line, error: problem, row: row.content ?? row.text };
    }
  }

  async function write(row: Row, content: Record<string, unknown>): Promise<Accepted> {
    const input = {
      ...content,
      corporationId: content.corporationId ?? defaults.corporationId,
      sourcePlatform: content.sourcePlatform ?? defaults.sourcePlatform,
    };
    if (content.id != null) {
      return (await customers.restore(importer, { input })).created ? 'created' : 'updated';
    }
    if (content.externalId != null) {
      return (await customers.upsert(importer, { input })).created ? 'created' : 'updated';
    }
    const idempotencyKey = keyOf(row, defaults);
    const { replayed } = await customers.create(importer, { input, idempotencyKey });
    return replayed ? 'repeated' : 'created';
  }
}

function keyOf({ line, content }: Row, defaults: ImportDefaults): string {
  const { corporationId, sourcePlatform } = defaults;
  const told = JSON.stringify([content, corporationId, sourcePlatform]);
  return `${line}:${hash('sha256', told, 'hex')}`;
}

async function* inBatches(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  let length = 0;
  try {
    for await (const row of rows) {
      batch.push(row);
      length += row.text.length;
      if (batch.length === batchSize || length > batchLength) {
        yield batch;
        batch = [];
        length = 0;
      }
    }
  } catch (error) {
    // The rows before the place where the file breaks off are as good as any.
    if (error instanceof FileError && batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}
