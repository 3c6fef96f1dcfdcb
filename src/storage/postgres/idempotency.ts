import { and, eq, getTableColumns, gte, lt, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { IdempotencyClaim, KeyMismatch, Written } from '../storage.js';
import { TryAgain } from './faults.js';
import type { Queries } from './run.js';
import { prepare, prepareRun, type Row } from './statement.js';
import { idempotencyRecords } from './tables.js';

const columns = getTableColumns(idempotencyRecords);

export type IdempotencyRecord = Row<typeof columns>;

export type Idempotency = ReturnType<typeof createIdempotency>;

/** Expired records swept with each new one: enough to shrink a backlog, too few to be felt. */
const sweepSize = 10;

/** The records of keys that were used. Which of two calls was first, their primary key decides. */
export function createIdempotency(db: PgDatabase<PgQueryResultHKT>) {
  const { tokenId, operation, key, createdAt } = idempotencyRecords;
  const validSince = sql.param(sql.placeholder('validSince'), createdAt);

  const find = prepare(
    columns,
    db
      .select()
      .from(idempotencyRecords)
      .where(
        and(
          eq(tokenId, sql.placeholder('tokenId')),
          eq(operation, sql.placeholder('operation')),
          eq(key, sql.placeholder('key')),
          gte(createdAt, validSince),
        ),
      ),
  );
  const keep = prepareRun(
    db
      .insert(idempotencyRecords)
      .values({
        tokenId: sql.placeholder('tokenId'),
        operation: sql.placeholder('operation'),
        key: sql.placeholder('key'),
        fingerprint: sql.placeholder('fingerprint'),
        answer: sql.placeholder('answer'),
        createdAt: sql.placeholder('claimedAt'),
      })
      .onConflictDoUpdate({
        target: [tokenId, operation, key],
        set: {
          fingerprint: sql`excluded.fingerprint`,
          answer: sql`excluded.answer`,
          createdAt: sql`excluded.created_at`,
        },
        setWhere: lt(createdAt, validSince),
      }),
  );
  const sweep = prepareRun(
    db
      .delete(idempotencyRecords)
      .where(
        sql`(${tokenId}, ${operation}, ${key}) in (${db
          .select({ tokenId, operation, key })
          .from(idempotencyRecords)
          .where(lt(createdAt, validSince))
          .orderBy(createdAt)
          .limit(sql.placeholder('limit'))
          .for('update', { skipLocked: true })})`,
      ),
  );

  return {
    /** The record of an earlier call with the same key that still counts. */
    async find(client: Queries, claim: IdempotencyClaim): Promise<IdempotencyRecord | null> {
      return (await find(client, claim))[0] ?? null;
    },

    /** Keeps the answer, in the transaction of what was written. Throws `TryAgain` when it is not the first. */
    async keep(client: Queries, claim: IdempotencyClaim, answer: unknown): Promise<void> {
      if ((await keep(client, { ...claim, answer })) === 0) throw new TryAgain();
    },

    /** Deletes expired records, some for each of so many new ones. */
    sweep: (client: Queries, since: IdempotencyClaim['validSince'], kept: number) =>
      sweep(client, { validSince: since, limit: kept * sweepSize }),
  };
}

/** What an earlier call's record makes of a call with the same key. */
export function settledBy<T>(
  record: Pick<IdempotencyRecord, 'fingerprint' | 'answer'>,
  claim: IdempotencyClaim,
): Written<T> | KeyMismatch {
  return record.fingerprint === claim.fingerprint
    ? { outcome: 'written', record: record.answer as T, replayed: true }
    : { outcome: 'key-mismatch' };
}

/** The same for a call that may have left the record itself, and then lost the answer. */
export function resolvedBy<T>(
  record: IdempotencyRecord,
  claim: IdempotencyClaim,
): Written<T> | KeyMismatch {
  const settled = settledBy<T>(record, claim);
  const isOwn = record.createdAt === claim.claimedAt;
  return settled.outcome === 'written' ? { ...settled, replayed: !isOwn } : settled;
}
