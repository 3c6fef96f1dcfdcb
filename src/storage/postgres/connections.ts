import type { Sql } from 'postgres';
import type { PostgresDatabase } from '../database.js';
import { createClient } from './client.js';
import { faultOf, stateOf } from './faults.js';

/** The connections to the server that takes writes. */
export type Connections = {
  /** Rejects with the reason when there is no such server just now. */
  current(): Promise<Sql>;
  /** To be told of each failure of a statement, so that the server is looked for anew. */
  failed(client: Sql, error: unknown): void;
  /** Lets go of all at once; what still reads is broken off. */
  close(): Promise<void>;
};

/** How long, in s, what was begun in a pool that is left may still take. */
const farewell = 1;

/**
 * Of several servers one is the primary, and another after a failover. They are asked in turn for
 * one that takes writes, whenever that is not known. (The driver has this too, but tries again
 * without a pause and without an end while none is to be had.) A pool of which one connection broke
 * is left as a whole: the others are likely to be broken too, and the driver may keep one that was
 * about to send something in a state in which it never sends anything again.
 */
export function createConnections(database: PostgresDatabase): Connections {
  let chosen: Promise<Sql> | null = null;
  let known: Sql | null = null;
  const leaving = new Set<Promise<void>>();

  function leave(client: Sql, timeout = farewell): void {
    if (client === known) {
      known = null;
      chosen = null;
    }
    const left = client.end({ timeout }).finally(() => leaving.delete(left));
    leaving.add(left);
  }

  async function choose(): Promise<Sql> {
    let reason: unknown;
    for (const server of database.servers) {
      const client = createClient(database, server, () => {
        if (client === known) leave(client);
      });
      try {
        if (database.servers.length === 1 || (await takesWrites(client))) {
          known = client;
          return client;
        }
        reason ??= noneTakesWrites();
      } catch (error) {
        reason = error;
      }
      leave(client, 0);
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
      // A server without a free seat is no other's place.
      const gone = ['lost', 'unsent'].includes(faultOf(error)) && stateOf(error) !== '53300';
      if (gone && client === known) leave(client);
    },
    async close() {
      const client = await chosen?.catch(() => null);
      if (client) leave(client, 0);
      await Promise.all(leaving);
    },
  };
}

async function takesWrites(client: Sql): Promise<boolean> {
  const [state] = await client.unsafe<[{ readonly: string }]>(
    `select current_setting('transaction_read_only') as readonly`,
  );
  return state.readonly === 'off';
}

function noneTakesWrites(): Error {
  const error = new Error('No server of those in DATABASE_URL takes writes');
  return Object.assign(error, { code: 'CONNECTION_ENDED' });
}
