import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../support/client.js';
import type { Face, Outcome } from '../support/faces.js';
import type { Json } from '../support/service.js';
import { type Contents, groupBy, type Row } from './database.js';

/** What a customer is made of, as far as the calls decide it. */
export type State = {
  corporationId: string;
  name: string;
  email: string | null;
  externalId: string | null;
  shippingAddress: Json | null;
  sourcePlatform: string | null;
  version: number;
};

/** A customer, known by its `sourcePlatformId`, which is given once and never changed. */
export type Entry = {
  serial: string;
  /** Null until it was seen. */
  id: string | null;
  /** What it is for certain; null when it is not there. */
  now: State | null;
  /** The customer as it was last answered or found: its times are ISO 8601, or in s. */
  seen: Json | null;
  /** What calls whose answer never came may have made of it. */
  maybe: (State | null)[];
};

/** What a call makes of a customer. */
export type Change = { entry: Entry; to: State | null };

/** What is kept under an idempotency key: the changes that its call made. */
export type Claim = { operation: string; key: string; changes: Change[] };

export type Call = {
  /** The customers that no other call may be at work on meanwhile. */
  holds: Entry[];
  /** What comes of each part of the call, in order: a change, or a refusal with that code. */
  expected: (Change | { code: string })[];
  claims: Claim[];
  /** The faces over which the same call can be made. */
  faces: Face[];
  send(caller: Client, face: Face): Promise<Outcome[]>;
};

type Kept = Claim & { ids: (string | null)[] };

/** What was answered, and what was asked and never answered. */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  /** Customers that are there and that no call is at work on. */
  readonly free: Entry[] = [];
  /** External ids of customers that were deleted. */
  readonly freedExternalIds: string[] = [];
  private unanswered: Call[] = [];
  private readonly kept = new Map<string, Kept>();

  newEntry(serial: string): Entry {
    const entry: Entry = { serial, id: null, now: null, seen: null, maybe: [] };
    this.entries.set(serial, entry);
    return entry;
  }

  /** Lets other calls at the customers that these held, where it is known what they are. */
  release(calls: Call[]): void {
    for (const entry of new Set(calls.flatMap(({ holds }) => holds))) {
      if (entry.now && entry.maybe.length === 0) this.free.push(entry);
    }
  }

  /** Takes down an answer. Throws when it is not what the call must be answered with. */
  acknowledge(call: Call, outcomes: Outcome[], replayed = false): void {
    if (outcomes.length !== call.expected.length) {
      throw new Error(`A call was answered ${text(outcomes)}`);
    }
    for (const [index, expected] of call.expected.entries()) {
      const outcome = outcomes[index] as Outcome;
      if ('code' in expected) {
        if (!('code' in outcome) || outcome.code !== expected.code) {
          throw new Error(`Not refused with ${expected.code} but answered ${text(outcome)}`);
        }
        continue;
      }
      const { entry, to } = expected;
      if ('code' in outcome) throw new Error(`${entry.serial} was answered ${text(outcome)}`);
      const { customer } = outcome;
      const isSame = (entry.id ?? customer.id) === customer.id;
      if (!isSame || outcome.replayed !== replayed || (to && !isState(entry, to, customer))) {
        throw new Error(`${entry.serial} should be ${text(to)} and was answered ${text(outcome)}`);
      }
      this.become(expected, customer);
    }
    this.keep(call);
  }

  /** Takes down that a call was made and that its answer never came. */
  doubt(call: Call): void {
    this.unanswered.push(call);
    for (const { entry, to } of changesOf(call)) entry.maybe.push(to);
  }

  /**
   * Compares with what is in the file, and settles what became of the calls that were never
   * answered. Returns these calls and whether they were done; they still hold their customers.
   */
  settle({ rows, records }: Contents, faults: Faults): { call: Call; done: boolean }[] {
    const bySerial = groupBy(rows, ({ sourcePlatformId }) => String(sourcePlatformId));
    for (const serial of bySerial.keys()) {
      if (!this.entries.has(serial)) faults.add('other', `${serial} was never asked for`);
    }
    for (const entry of this.entries.values()) this.compare(entry, bySerial, faults);

    const settled = this.unanswered.map((call) => {
      const made = changesOf(call).map(({ entry, to }) =>
        isAt(entry, to, bySerial.get(entry.serial)?.[0]),
      );
      const done = made.length > 0 && made.every(Boolean);
      if (!done && made.some(Boolean)) {
        const count = made.filter(Boolean).length;
        faults.add('other', `a call in one commit was done in ${count} of ${made.length} parts`);
      }
      return { call, done };
    });
    for (const { call, done } of settled) {
      if (!done) continue;
      for (const change of changesOf(call)) {
        this.become(change, bySerial.get(change.entry.serial)?.[0]?.asAnswered ?? null);
      }
      this.keep(call);
    }
    for (const { call } of settled) {
      for (const { entry } of changesOf(call)) entry.maybe = [];
    }
    this.unanswered = [];
    this.compareRecords(records, faults);
    return settled;
  }

  private become({ entry, to }: Change, seen: Json | null): void {
    if (!to && entry.now?.externalId) this.freedExternalIds.push(entry.now.externalId);
    entry.id ??= seen?.id ?? null;
    entry.now = to;
    entry.seen = to && seen;
  }

  private keep({ claims }: Call): void {
    for (const claim of claims) {
      const ids = claim.changes.map(({ entry }) => entry.id);
      this.kept.set(`${claim.operation} ${claim.key}`, { ...claim, ids });
    }
  }

  private compare(entry: Entry, bySerial: Map<string, Row[]>, faults: Faults): void {
    const { serial, now, maybe, seen } = entry;
    const [row, ...others] = bySerial.get(serial) ?? [];
    if (others.length > 0) faults.add('doubled', `${serial} is there ${others.length + 1} times`);
    if ([now, ...maybe].some((state) => isAt(entry, state, row))) {
      const unchanged = isAt(entry, now, row);
      if (row && seen && unchanged && !agree(seen, row)) {
        faults.add('lost', `${serial} was answered ${text(seen)} and is ${text(row.asAnswered)}`);
      }
      return;
    }
    const isBehind = now !== null && (!row || row.version < now.version);
    faults.add(
      isBehind ? 'lost' : 'other',
      `${serial} is ${text(row?.asAnswered)} and should be ${text([now, ...maybe])}`,
    );
  }

  private compareRecords(records: Contents['records'], faults: Faults): void {
    const found = new Map(records.map((record) => [`${record.operation} ${record.key}`, record]));
    for (const name of found.keys()) {
      if (!this.kept.has(name)) faults.add('other', `${name}: a key is kept, its write is not`);
    }
    for (const [name, { operation, changes, ids }] of this.kept) {
      const record = found.get(name);
      if (!record) {
        faults.add('lost', `${name}: a write is kept, its key is not`);
        continue;
      }
      const answered = customersIn(operation, JSON.parse(record.answer));
      const same =
        answered.length === changes.length &&
        changes.every(({ entry, to }, index) => {
          const customer = answered[index] ?? {};
          return customer.id === ids[index] && (!to || isState(entry, to, customer));
        });
      if (!same) faults.add('other', `${name}: the key answers something else`);
    }
  }
}

/** What is wrong, by kind: an answer that did not last, a call that was done twice, or else. */
export class Faults {
  readonly lost: string[] = [];
  readonly doubled: string[] = [];
  readonly other: string[] = [];

  add(kind: 'lost' | 'doubled' | 'other', what: string): void {
    this[kind].push(`${kind}: ${what}`);
  }

  get all(): string[] {
    return [...this.lost, ...this.doubled, ...this.other];
  }
}

export function changesOf({ expected }: Call): Change[] {
  return expected.filter((part): part is Change => 'entry' in part);
}

/** Whether the customer, of a row, an answer or a record, is in the state. */
function isState({ serial }: Entry, state: State, customer: Json): boolean {
  return (
    customer.sourcePlatformId === serial &&
    Object.entries(state).every(([name, value]) => isDeepStrictEqual(customer[name], value))
  );
}

function isAt(entry: Entry, state: State | null, row: Row | undefined): boolean {
  if (!state || !row) return !state && !row;
  return (entry.id ?? row.id) === row.id && isState(entry, state, row);
}

/** Whether an answer is that of the row to the last field, times included. */
export function agree(answer: Json, { asAnswered: row }: Row): boolean {
  return Object.entries(row).every(([name, value]) => {
    const given = answer[name];
    return typeof given === 'number' && name.endsWith('At')
      ? given === Math.floor(Date.parse(value) / 1000)
      : isDeepStrictEqual(given, value);
  });
}

function customersIn(operation: string, answer: any): Json[] {
  switch (operation) {
    case 'createCustomer':
      return [answer];
    case 'createCustomers':
      return answer
        .filter(({ outcome }: Json) => outcome === 'written')
        .map(({ record }: Json) => record);
    default:
      return [answer.customer];
  }
}

function text(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 500) ?? 'not there';
}
