import type { Database } from 'better-sqlite3';
import { UnavailableError } from '../../errors.js';
import type { Condition } from './condition.js';

export type Reader = {
  /** Does a read. Rejects with `UnavailableError` when the machine is to blame for its failure. */
  read<T>(read: () => T | Promise<T>): Promise<T>;
  /** Ends the snapshot, and does not throw; to be called before a transaction is begun. */
  end(): void;
  /** Ends it for good: what still wants to read was given up, and is refused. */
  close(): void;
};

/**
 * Reads that arrive in the same turn of the event loop share one snapshot. SQLite takes a lock on
 * the file for each and lets it go again, which for a look-up by key takes longer than the look-up.
 */
export function createReader(sqlite: Database, condition: Condition): Reader {
  const begin = sqlite.prepare('BEGIN');
  const commit = sqlite.prepare('COMMIT');
  const rollback = sqlite.prepare('ROLLBACK');
  let open = false;
  let closed = false;

  function end(): void {
    if (!open) return;
    open = false;
    // A failed read may have ended it already.
    if (!sqlite.inTransaction) return;
    try {
      commit.run();
    } catch (error) {
      // So it is after a read of a spoiled page. Whoever read it has been told.
      condition.failed(error);
      if (sqlite.inTransaction) rollback.run();
    }
  }

  return {
    async read(read) {
      if (closed) throw new UnavailableError('The service is stopping.');
      try {
        if (!sqlite.inTransaction) {
          begin.run();
          open = true;
          setImmediate(end);
        }
        return await read();
      } catch (error) {
        throw condition.failed(error);
      }
    },
    end,
    close() {
      end();
      closed = true;
    },
  };
}
