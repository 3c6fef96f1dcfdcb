import type { Database } from 'better-sqlite3';
import { UnavailableError } from '../../errors.js';
import type { WriteObserver } from '../storage.js';
import type { Condition } from './condition.js';
import { isTransient } from './faults.js';
import type { Reader } from './reader.js';

/** What the writer needs to know; times in ms. */
export type WriterOptions = {
  /** Commands that may wait for their commit; one more is refused. */
  queueLimit: number;
  /** How long a batch waits for another process's lock on the file before it is given up. */
  lockTimeout: number;
  observer?: WriteObserver;
};

export type Writer = {
  /**
   * Runs `command` in the next batch and resolves to what it returned once that batch is on disk.
   * A command that throws undoes its own changes only; it, and those beside it, may be run twice,
   * and the first time is undone then. Rejects with `UnavailableError` when the
   * queue is full or the database takes no writes; nothing of the command is kept then.
   */
  write<T>(command: () => T): Promise<T>;
  /** Runs and commits now what waits. */
  flush(): void;
  /** How many commands wait for their commit. */
  queued(): number;
  /** Resolves when every command that was accepted is settled. */
  drained(): Promise<void>;
};

type Entry = {
  command: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};

/** Commands of one transaction. */
const batchLimit = 1000;

/** Turns of the event loop, and ms, that a batch waits at most for more commands. */
const [maxTurns, maxWait] = [3, 5];

/** How long, in ms, one transaction takes commands up, since the event loop stands still meanwhile. */
const maxBatchTime = 20;

/** Between two tries for a lock that another process holds. */
const lockRetryDelay = 5;

/**
 * Group commit: commands that arrive together share one transaction, and so one fsync. No promise
 * settles before the commit. Hardly any command throws, and a savepoint for each would cost a tenth of
 * its insert, so a batch is run without, and once more with them when a command did throw.
 */
export function createWriter(
  sqlite: Database,
  reader: Pick<Reader, 'end'>,
  condition: Condition,
  options: WriterOptions,
): Writer {
  const beginImmediate = sqlite.prepare('BEGIN IMMEDIATE');
  const commit = sqlite.prepare('COMMIT');
  const rollback = sqlite.prepare('ROLLBACK');
  const savepoint = sqlite.prepare('SAVEPOINT command');
  const release = sqlite.prepare('RELEASE command');
  const undo = sqlite.prepare('ROLLBACK TO command');
  const dataVersion = sqlite.prepare<[], number>('PRAGMA data_version').pluck();

  const { waiting, committed } = options.observer ?? {};
  /** With so many commands in the queue there is room for as many again. */
  const roomy = Math.min(batchLimit, options.queueLimit) / 2;

  const queue: Entry[] = [];
  let flushing = false;
  let scheduled: NodeJS.Immediate | undefined;
  let running = false;
  let wasAlone = true;
  let lockedSince: number | null = null;
  let seenVersion: number | undefined;
  let whenDrained: (() => void)[] = [];

  function write<T>(command: () => T): Promise<T> {
    // What a batch itself brings about, such as keeping the search index, nobody waits for.
    if (!waiting || running) return enqueue(command);
    return enqueue(command).finally(waiting());
  }

  function enqueue<T>(command: () => T): Promise<T> {
    if (queue.length >= options.queueLimit) {
      return Promise.reject(
        new UnavailableError('Too many writes are waiting. Try again in a moment.'),
      );
    }
    return new Promise<T>((resolve, reject) => {
      queue.push({ command, resolve: resolve as Entry['resolve'], reject });
      if (!flushing) gather();
    });
  }

  function gather(): void {
    flushing = true;
    scheduled = setImmediate(flushOnceGathered, wasAlone ? 1 : 0, 1, performance.now() + maxWait);
  }

  /**
   * Clients that were answered together ask together again, but it takes some turns of the event loop
   * until all are in, and a batch without the last of them makes those wait for two commits. So it is
   * run when a turn brings no more than the `before` that were in, or when it has waited enough. Behind a
   * command that was alone nobody is waited for, unless several come in at once.
   */
  function flushOnceGathered(before: number, turn: number, deadline: number): void {
    const { length } = queue;
    const grows = length > before && length < roomy;
    if (grows && turn <= maxTurns && performance.now() < deadline) {
      scheduled = setImmediate(flushOnceGathered, length, turn + 1, deadline);
      return;
    }
    wasAlone = length === 1;
    flush();
  }

  /**
   * Ids are in the order of the milliseconds they were made in, and by chance within one. So what comes
   * after a commit of another process begins in a millisecond of its own. (A clock that was set back
   * puts them out of order all the same.)
   */
  function begin(): void {
    beginImmediate.run();
    const version = dataVersion.get();
    if (version === seenVersion) return;
    seenVersion = version;
    const [now, end] = [Date.now(), performance.now() + 2];
    while (Date.now() === now && performance.now() < end);
  }

  function flush(): void {
    try {
      reader.end();
      begin();
    } catch (error) {
      if (sqlite.inTransaction) rollback.run();
      const now = performance.now();
      lockedSince ??= now;
      if (isTransient(error) && now - lockedSince < options.lockTimeout) {
        setTimeout(flush, lockRetryDelay);
        return;
      }
      lockedSince = null;
      refuse(queue.splice(0), error);
      finish();
      return;
    }
    lockedSince = null;
    running = true;
    runBatch();
    running = false;
    finish();
  }

  function finish(): void {
    flushing = queue.length > 0;
    if (flushing) {
      scheduled = setImmediate(flush);
      return;
    }
    for (const resolve of whenDrained) resolve();
    whenDrained = [];
  }

  function runBatch(): void {
    const startedAt = performance.now();
    const batch: Entry[] = [];
    let answers: (() => void)[];
    try {
      answers = together(batch, startedAt + maxBatchTime) ?? apart(batch);
      commit.run();
    } catch (error) {
      if (sqlite.inTransaction) rollback.run();
      refuse(batch, error);
      return;
    }
    const duration = performance.now() - startedAt;
    condition.writable = true;
    for (const answer of answers) answer();
    committed?.(batch.length, duration);
  }

  /**
   * Takes commands from the queue into the batch until the deadline, and runs them without a
   * savepoint for each; null when one threw, and all is undone.
   */
  function together(batch: Entry[], deadline: number): (() => void)[] | null {
    const answers: (() => void)[] = [];
    // What the commands themselves bring about, such as keeping the search index, comes after them.
    const most = Math.min(queue.length, batchLimit);
    try {
      do {
        const entry = queue.shift() as Entry;
        batch.push(entry);
        const value = entry.command();
        answers.push(() => entry.resolve(value));
      } while (batch.length < most && performance.now() < deadline);
      return answers;
    } catch (error) {
      if (!sqlite.inTransaction) throw error;
      rollback.run();
      begin();
      return null;
    }
  }

  /** Runs each command in a savepoint of its own, so that one that throws undoes itself alone. */
  function apart(batch: Entry[]): (() => void)[] {
    return batch.map(({ command, resolve, reject }) => {
      savepoint.run();
      try {
        const value = command();
        release.run();
        return () => resolve(value);
      } catch (error) {
        // A full disk or a failed read makes SQLite roll the whole transaction back by itself.
        if (!sqlite.inTransaction) throw error;
        undo.run();
        release.run();
        return () => reject(condition.failed(error));
      }
    });
  }

  function refuse(batch: Entry[], error: unknown): void {
    const refusal = condition.failed(error);
    for (const { reject } of batch) reject(refusal);
  }

  function drained(): Promise<void> {
    return flushing ? new Promise((resolve) => whenDrained.push(resolve)) : Promise.resolve();
  }

  return {
    write,
    flush() {
      // Not within a batch, nor while another process holds the lock.
      if (queue.length === 0 || running || lockedSince !== null) return;
      clearImmediate(scheduled);
      flush();
    },
    queued: () => queue.length,
    drained,
  };
}
