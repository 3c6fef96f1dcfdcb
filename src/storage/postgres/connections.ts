import { setTimeout as pause } from 'node:timers/promises';
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
  /** To be told that an answer is long in coming, so that a server that fell silent is left. */
  late(client: Sql): void;
  /** Lets go of all at once; what still reads is broken off. */
  close(): Promise<void>;
};

/** How long, in s, what was begun in a pool that is left may still take. */
const farewell = 1;

/** For so long, in ms, one that is named before others is waited for. */
const headStart = 2000;

/** How long, in ms, a server may take to answer on a new connection before it counts as silent. */
const silence = 4000;

/**
 * Of several servers one is the primary, and another after a failover. They are asked for one that
 * takes writes, whenever that is not known. (The driver has this too, but tries again without a pause
 * and without an end while none is to be had.) A pool of which one connection broke is left as a
 * whole: the others are likely to be broken too, and the driver may keep one that was about to send
 * something in a state in which it never sends anything again.
 */
export function createConnections(database: PostgresDatabase): Connections {
  let chosen: Promise<Sql> | null = null;
  let known: Candidate | null = null;
  let listening = false;
  const leaving = new Set<Promise<void>>();

  function leave(client: Sql, timeout = farewell): void {
    if (client === known?.client) {
      known = null;
      chosen = null;
    }
    const left = client.end({ timeout }).finally(() => leaving.delete(left));
    leaving.add(left);
  }

  function candidate(server: Candidate['server']): Candidate {
    const client: Sql = createClient(database, server, () => {
      if (each !== known) return;
      if (each.refused > 0) each.refused--;
      else leave(client);
    });
    const each = { server, client, refused: 0 };
    return each;
  }

  /**
   * They are asked all at once, for one that fell silent would keep the others waiting. Of several
   * that take writes it is the one named first, so that every process chooses alike.
   */
  async function choose(): Promise<Sql> {
    const candidates = database.servers.map(candidate);
    const primaries = new Set<Candidate>();
    const answers = candidates.map(async (each) => {
      if (candidates.length > 1 && !(await takesWrites(each.client))) throw noneTakesWrites();
      primaries.add(each);
    });
    try {
      await Promise.any(answers);
      const before = answers.slice(
        0,
        candidates.findIndex((each) => primaries.has(each)),
      );
      if (before.length > 0) await Promise.race([Promise.allSettled(before), over(headStart)]);
    } catch (error) {
      for (const { client } of candidates) leave(client, 0);
      throw (error as AggregateError).errors[0];
    }
    const primary = candidates.find((each) => primaries.has(each)) as Candidate;
    for (const other of candidates) if (other !== primary) leave(other.client, 0);
    known = primary;
    return primary.client;
  }

  /** Asks on a connection of its own, for those that are there may be broken without a word. */
  async function listen(suspect: Candidate): Promise<void> {
    const { server } = suspect;
    const fresh = createClient({ ...database, connectionLimit: 1 }, server, () => {});
    const isSilent = await Promise.race([
      fresh.unsafe('select 1').then(() => false, isGone),
      over(silence).then(() => true),
    ]);
    leave(fresh, 0);
    if (isSilent && suspect === known) leave(suspect.client);
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
      if (client !== known?.client) return;
      if (isRefusal(error)) known.refused++;
      else if (isGone(error)) leave(client);
    },
    late(client) {
      if (!known || client !== known.client || listening) return;
      listening = true;
      listen(known).finally(() => {
        listening = false;
      });
    },
    async close() {
      const client = await chosen?.catch(() => null);
      if (client) leave(client, 0);
      await Promise.all(leaving);
    },
  };
}

type Candidate = {
  server: PostgresDatabase['servers'][number];
  client: Sql;
  /** Connections that were refused for want of a free seat, and are about to end. */
  refused: number;
};

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

function isGone(error: unknown): boolean {
  return ['lost', 'unsent'].includes(faultOf(error)) && !isRefusal(error);
}

/** A server without a free seat is no other's place, and those who have one keep it. */
function isRefusal(error: unknown): boolean {
  return stateOf(error) === '53300';
}

/** Keeps no process that has nothing else to do. */
function over(milliseconds: number): Promise<void> {
  return pause(milliseconds, undefined, { ref: false });
}
