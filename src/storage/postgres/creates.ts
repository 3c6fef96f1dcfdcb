import { OutcomeUnknownError } from '../../errors.js';
import type {
  Customer,
  IdempotencyClaim,
  InsertCustomerOutcome,
  WriteObserver,
} from '../storage.js';
import { brokenUnique, faultOf, toUnavailable } from './faults.js';
import { type Idempotency, settledBy } from './idempotency.js';
import { type Insert, insertAll } from './inserts.js';
import { maxTries, pauseAfter, type Run } from './run.js';
import type { WriteQueue } from './writeQueue.js';

type Create = Insert & {
  resolve: (outcome: InsertCustomerOutcome) => void;
  reject: (error: unknown) => void;
  settled: boolean;
};

/** Creates of one statement. */
const batchLimit = 1000;

/** Statements that are on their way at once; meanwhile others gather for the next. */
const batchesAtOnce = 4;

/**
 * Group commit across the wire: creates that arrive in the same turn of the event loop, or while
 * enough batches are on their way, travel as one statement, which is its own transaction. None
 * settles before its answer, and one that is refused takes no other with it.
 */
export function createCreates(
  run: Run,
  queue: WriteQueue,
  idempotency: Idempotency,
  findIds: (ids: string[]) => Promise<Set<string>>,
  observer: WriteObserver | undefined,
) {
  const waiting: Create[] = [];
  let scheduled: NodeJS.Immediate | null = null;
  let running = 0;

  function schedule(): void {
    if (waiting.length > 0 && running < batchesAtOnce) scheduled ??= setImmediate(flush);
  }

  function flush(): void {
    if (scheduled) clearImmediate(scheduled);
    scheduled = null;
    while (waiting.length > 0 && running < batchesAtOnce) {
      running++;
      send(waiting.splice(0, batchLimit)).finally(() => {
        running--;
        schedule();
      });
    }
  }

  /** Settles every one of the batch, and never rejects. */
  async function send(batch: Create[]): Promise<void> {
    const startedAt = performance.now();
    const settle = (create: Create, outcome: InsertCustomerOutcome) => {
      create.settled = true;
      create.resolve(outcome);
    };
    for (let tries = 1; ; tries++) {
      const open = batch.filter(({ settled }) => !settled);
      try {
        await run.once((client) => insertAll(client, open, settle));
        observer?.committed?.(batch.length, performance.now() - startedAt);
        sweepFor(batch);
        return;
      } catch (error) {
        const left = open.filter(({ settled }) => !settled);
        const fault = faultOf(error);
        if (fault === 'lost') return resolveLost(left, error);
        // Another process used a key at the same moment. It is known by now.
        const raced = brokenUnique(error) !== null;
        if (tries < maxTries && (raced || fault === 'conflict' || fault === 'unsent')) {
          await pauseAfter(tries);
          continue;
        }
        // Which of them the statement failed for is not known.
        if (fault === 'own' && left.length > 1) {
          await Promise.all(left.map((create) => send([create])));
          return;
        }
        for (const { reject } of left) reject(toUnavailable(error));
        return;
      }
    }
  }

  /** Looks for what may have been written. Where nothing is found, nobody knows whether it will be. */
  async function resolveLost(creates: Create[], cause: unknown): Promise<void> {
    const found = await findIds(creates.map(({ customer }) => customer.id)).catch(() => new Set());
    for (const { customer, claim, resolve, reject } of creates) {
      if (found.has(customer.id)) {
        resolve({ outcome: 'written', record: customer, replayed: false });
        continue;
      }
      // Written and deleted since, it has left its record.
      const find = run.read((client) => (claim ? idempotency.find(client, claim) : noRecord));
      const record = await find.catch(() => null);
      if (record && claim) resolve(settledBy<Customer>(record, claim));
      else reject(new OutcomeUnknownError({ cause }));
    }
  }

  function sweepFor(batch: Create[]): void {
    const claims = batch.flatMap(({ claim }) => claim ?? []);
    const [claim] = claims;
    if (!claim) return;
    queue.tidy(() =>
      run.once((client) => idempotency.sweep(client, claim.validSince, claims.length)),
    );
  }

  return {
    create: (
      make: () => Customer,
      claim: IdempotencyClaim | null,
    ): Promise<InsertCustomerOutcome> =>
      queue.write(
        () =>
          new Promise((resolve, reject) => {
            waiting.push({ customer: make(), claim, resolve, reject, settled: false });
            schedule();
          }),
      ),

    /** Sends now what would wait for the end of the turn. */
    flush,
  };
}

const noRecord = Promise.resolve(null);
