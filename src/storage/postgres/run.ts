import { setTimeout as pause } from 'node:timers/promises';
import type { Sql, TransactionSql } from 'postgres';
import { OutcomeUnknownError, UnavailableError } from '../../errors.js';
import type { WriteObserver } from '../storage.js';
import type { Connections } from './connections.js';
import { type Fault, faultOf, TryAgain, toUnavailable, withoutValues } from './faults.js';

/** A connection, or the pool, in or outside a transaction. */
export type Queries = Sql | TransactionSql;

export type Run = ReturnType<typeof createRun>;

/** So often is one thing tried, in the course of about a second. */
export const maxTries = 6;

/** Nothing is tried again after so many ms. */
const patience = 10_000;

/** How long, in ms, an answer is waited for: longer than the server works on a statement. */
const answerTimeout = 40_000;

/** After so many ms without an answer the server is asked whether it is still there. */
const lateAfter = 3000;

/** The first pause between two tries, in ms; each is about twice the one before. */
const firstPause = 30;

/**
 * Reads and transactions, tried again where that is safe. A transaction has a connection for itself;
 * at most `transactionLimit` of them run at once, so that others are left. `observer` is told of each.
 */
export function createRun(
  connections: Connections,
  transactionLimit: number,
  observer?: WriteObserver,
) {
  const takeSlot = createSlots(transactionLimit);
  const inTime = createDeadlines(connections);
  let closed = false;

  /** One try, of whose failure the connections are told. */
  async function attempt<T>(work: (client: Sql) => Promise<T>): Promise<T> {
    if (closed) throw stopping();
    const client = await connections.current();
    try {
      return await work(client);
    } catch (error) {
      if (closed) throw stopping();
      connections.failed(client, error);
      throw withoutValues(error);
    }
  }

  const once = <T>(work: (client: Sql) => Promise<T>): Promise<T> =>
    attempt((client) => inTime.settle(client, work(client)));

  return {
    once,

    /** What still wants to read was given up, and is refused. Not before every write is settled. */
    close(): void {
      closed = true;
      inTime.giveUp(stopping());
    },

    /** Does a read. Rejects with `UnavailableError` when the machine is to blame for its failure. */
    read: <T>(work: (client: Sql) => Promise<T>): Promise<T> =>
      retrying(() => once(work), ['conflict', 'unsent', 'lost']),

    /**
     * Runs `work`, which returns what to commit or throws, in a transaction. It may be run several
     * times. Rejects with `UnavailableError` when nothing could be written, and with
     * `OutcomeUnknownError` when nobody knows.
     */
    transaction: <T>(work: (transaction: TransactionSql) => Promise<T>): Promise<T> =>
      takeSlot(() =>
        retrying(
          async () => {
            const startedAt = performance.now();
            const outcome = await attempt((client) => transact(client, work, inTime));
            observer?.committed?.(1, performance.now() - startedAt);
            return outcome;
          },
          // What is lost before the commit is sent is undone; `transact` tells it apart.
          ['conflict', 'unsent', 'lost'],
        ),
      ),
  };
}

async function transact<T>(
  client: Sql,
  work: (transaction: TransactionSql) => Promise<T>,
  inTime: Deadlines,
): Promise<T> {
  let committing = false;
  let givenUp = false;
  try {
    const outcome = await inTime.settle(
      client,
      client.begin(async (transaction) => {
        const value = await work(transaction);
        // It may have been begun anew elsewhere, so it must not commit here as well.
        if (givenUp) throw new TryAgain();
        committing = true;
        return { value };
      }),
    );
    return outcome.value as T;
  } catch (error) {
    givenUp = true;
    if (committing && faultOf(error) === 'lost') {
      throw new OutcomeUnknownError({ cause: error });
    }
    throw error;
  }
}

function stopping(): UnavailableError {
  return new UnavailableError('The service is stopping.');
}

type Deadlines = ReturnType<typeof createDeadlines>;

function createDeadlines({ late }: Connections) {
  const pending = new Set<(error: Error) => void>();

  return {
    /** Rejects, as if the connection had broken, when what a machine no longer answers takes too long. */
    async settle<T>(client: Sql, work: Promise<T>): Promise<T> {
      let giveUp = (_: Error) => {};
      const givenUp = new Promise<never>((_, reject) => {
        giveUp = reject;
      });
      let timer = setTimeout(() => {
        late(client);
        timer = setTimeout(() => giveUp(unanswered()), answerTimeout - lateAfter);
      }, lateAfter);
      pending.add(giveUp);
      try {
        return await Promise.race([work, givenUp]);
      } finally {
        clearTimeout(timer);
        pending.delete(giveUp);
      }
    },

    /** Rejects all that is not answered yet, for the driver may leave some without an answer. */
    giveUp(error: Error): void {
      for (const reject of pending) reject(error);
    },
  };
}

function unanswered(): Error {
  return Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' });
}

/**
 * Tries again after such faults, a bounded number of times and not for long, and then gives up with
 * the last.
 */
export async function retrying<T>(attempt: () => Promise<T>, faults: Fault[]): Promise<T> {
  const startedAt = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const late = performance.now() - startedAt > patience;
      if (late || tries === maxTries || !faults.includes(faultOf(error))) {
        throw toUnavailable(error);
      }
      await pauseAfter(tries);
    }
  }
}

/** Resolves when it is time for another try; not at once with all the others who wait for theirs. */
export async function pauseAfter(tries: number): Promise<void> {
  await pause(firstPause * 2 ** (tries - 1) * (0.5 + Math.random()));
}

/** At most so many at once; the others wait for their turn. */
function createSlots(count: number) {
  const waiting: (() => void)[] = [];
  let free = count;

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
