import type { Database } from 'better-sqlite3';
import { toUnavailable } from './faults.js';

export type Reader = {
  /** Does a read. Rejects with `UnavailableError` when the machine is to blame for its failure. */
  read<T>(read: () => T | Promise<T>): Promise<T>;
  /** Ends the snapshot; to be called before a transaction is begun. */
  end(): void;
};

/**
 * Reads that arrive in the same turn of the event loop share one snapshot. SQLite takes a lock on
 * the file for each and lets it go again, which for a look-up by key takes longer than the look-up.
 */
export function createReader(sqlite: Database): Reader {
  const begin = sqlite.prepare('BEGIN');
  const commit = sqlite.prepare('COMMIT');
  let open = false;

  function end(): void {
    if (!open) return;
    open = false;
    // A failed read may have ended it already.
    if (sqlite.inTransaction) commit.run();
  }

  return {
    async read(read) {
      try {
        if (!sqlite.inTransaction) {
          begin.run();
          open = true;
          setImmediate(end);
        }
        return await read();
      } catch (error) {
        throw toUnavailable(error);
      }
    },
    end,
  };
}
