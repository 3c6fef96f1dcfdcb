import type { Sql } from 'postgres';
import type { PostgresDatabase } from '../database.js';
import { createClient } from './client.js';
import { faultOf, stateOf } from './faults.js';

/** The connections to the server that takes writes. */
export type Connections = {
  /** Rejects with the reason when there is no such server just now. */
  current(): Promise<Sql>;
  /** To be told of each failure of a statement, so that another server is looked for. */
  failed(client: Sql, error: unknown): void;
  /** Lets go of all, when what was begun is finished. */
  close(): Promise<void>;
};

/** How long, in s, what was begun on a server that is left may still take. */
const farewell = 5;

/**
 * Of several servers one is the primary, and another after a failover. They are asked in turn for
 * one that takes writes, whenever that is not known. (The driver has this too, but tries again
 * without a pause and without an end while none is to be had.)
 */
export function createConnections(database: PostgresDatabase): Connections {
  const [only, ...others] = database.servers;
  if (!only) throw new TypeError('A database has one server at least.');
  if (others.length === 0) {
    const client = createClient(database, only);
    return {
      current: async () => client,
      failed() {},
      close: () => client.end({ timeout: farewell }),
    };
  }

  let chosen: Promise<Sql> | null = null;
  const leaving = new Set<Promise<void>>();

  function leave(client: Sql): void {
    const left = client.end({ timeout: farewell }).finally(() => leaving.delete(left));
    leaving.add(left);
  }

  async function choose(): Promise<Sql> {
    let reason: unknown;
    for (const server of database.servers) {
      const client = createClient(database, server);
      try {
        const [state] = await client.unsafe<[{ readonly: string }]>(
          `select current_setting('transaction_read_only') as readonly`,
        );
        if (state.readonly === 'off') return client;
        reason ??= Object.assign(new Error('No server of those in DATABASE_URL takes writes'), {
          code: 'CONNECTION_ENDED',
        });
      } catch (error) {
        reason = error;
      }
      leave(client);
    }
    throw reason;
  }

  return {
    current() {
      if (!chosen) {
        const choosing = choose();
        chosen = choosing;
        choosing.catch(() => {
          if (chosen === choosing) chosen = null;
        });
      }
      return chosen;
    },
    failed(client, error) {
      const gone = faultOf(error) === 'lost' || faultOf(error) === 'unsent';
      // Without a seat there is nothing wrong with the server.
      if (!gone || stateOf(error) === '53300' || !chosen) return;
      const current = chosen;
      current.then((known) => {
        if (known !== client || chosen !== current) return;
        chosen = null;
        leave(client);
      }, ignore);
    },
    async close() {
      const client = await chosen?.catch(() => null);
      chosen = null;
      if (client) leave(client);
      await Promise.all(leaving);
    },
  };
}

function ignore(): void {}
