import { and, asc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm';
import type { IdempotencyClaim, KeyMismatch, Written } from '../storage.js';
import { type Connection, prepareGet, prepareRun } from './statement.js';
import { idempotencyRecords } from './tables.js';

/** Expired records swept with each new one: enough to shrink a backlog, too few to be felt. */
const sweepSize = 10;

/** Settles claims on idempotency keys. To be called inside a writer's command. */
export function createIdempotency(db: Connection) {
  const find = prepareGet(
    db,
    getTableColumns(idempotencyRecords),
    db
      .select()
      .from(idempotencyRecords)
      .where(
        and(
          eq(idempotencyRecords.tokenId, sql.placeholder('tokenId')),
          eq(idempotencyRecords.operation, sql.placeholder('operation')),
          eq(idempotencyRecords.key, sql.placeholder('key')),
        ),
      ),
  );
  const keep = prepareRun(
    db,
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
        target: [idempotencyRecords.tokenId, idempotencyRecords.operation, idempotencyRecords.key],
        set: {
          fingerprint: sql`excluded.fingerprint`,
          answer: sql`excluded.answer`,
          createdAt: sql`excluded.created_at`,
        },
      }),
  );
  const sweep = prepareRun(
    db,
    db.delete(idempotencyRecords).where(
      inArray(
        sql`rowid`,
        db
          .select({ rowid: sql`rowid` })
          .from(idempotencyRecords)
          .where(lt(idempotencyRecords.createdAt, sql.placeholder('validSince')))
          .orderBy(asc(idempotencyRecords.createdAt))
          .limit(sweepSize),
      ),
    ),
  );
  /**
   * Answers from the record of an earlier call with the same key; otherwise runs `write` and, when
   * it wrote something, keeps its answer. An outcome that wrote nothing leaves the key unused.
   */
  return function settle<T, Refused extends { outcome: string }>(
    claim: IdempotencyClaim | null,
    write: () => Written<T> | Refused,
  ): Written<T> | Refused | KeyMismatch {
    if (!claim) return write();

    const record = find(claim);
    if (record && record.createdAt >= claim.validSince) {
      return record.fingerprint === claim.fingerprint
        ? { outcome: 'written', record: record.answer as T, replayed: true }
        : { outcome: 'key-mismatch' };
    }

    const result = write();
    if (result.outcome === 'written') {
      keep({ ...claim, answer: (result as Written<T>).record });
      sweep(claim);
    }
    return result;
  };
}

export type SettleClaim = ReturnType<typeof createIdempotency>;
