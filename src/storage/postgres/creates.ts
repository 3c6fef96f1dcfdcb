import { OutcomeUnknownError } from '../../errors.js';
import type {
  Customer,
  IdempotencyClaim,
  InsertCustomerOutcome,
  WriteObserver,
} from '../storage.js';
import { brokenUnique, faultOf, toUnavailable } from './faults.js';
import { type Idempotency, resolvedBy } from './idempotency.js';
import { type Insert, insertAll } from './inserts.js';
import { maxTries, pauseAfter, type Run } from './run.js';
import type { WriteQueue } from './writeQueue.js';

type Waiting = {
  make: () => Customer;
  claim: IdempotencyClaim | null;
  resolve: (outcome: InsertCustomerOutcome) => void;
  reject: (error: unknown) => void;
};

type Create = Insert & Omit<Waiting, 'make'> & { settled: boolean };

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
  const waiting: Waiting[] = [];
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
      // Ids are made as late as can be, so that few are out of the order of the commits.
      const batch = waiting
        .splice(0, batchLimit)
        .map(({ make, ...create }) => ({ ...create, customer: make(), settled: false }));
      send(batch).finally(() => {
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
    const unknown = new OutcomeUnknownError({ cause });
    try {
      const found = await findIds(creates.map(({ customer }) => customer.id));
      await Promise.all(
        creates.map(async ({ customer, claim, resolve, reject }) => {
          if (found.has(customer.id)) {
            return resolve({ outcome: 'written', record: customer, replayed: false });
          }
          // Written and deleted since, it has left its record.
          const record = claim && (await run.read((client) => idempotency.find(client, claim)));
          return record ? resolve(resolvedBy<Customer>(record, claim)) : reject(unknown);
        }),
      );
    } catch {
      for (const { reject } of creates) reject(unknown);
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
            waiting.push({ make, claim, resolve, reject });
            schedule();
          }),
      ),

    /** Sends now what would wait for the end of the turn. */
    flush,
  };
}
