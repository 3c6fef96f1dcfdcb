import type { Client } from '../support/client.js';
import { faces, graphqlFace, type Outcome, restFace } from '../support/faces.js';
import { Refused, Unanswered } from './client.js';
import {
  type Call,
  type Change,
  type Claim,
  changesOf,
  type Entry,
  type Ledger,
  type State,
} from './ledger.js';
import type { Random } from './random.js';

/** Which calls are made: all kinds, or mostly large ones in bulk, of long or of short customers. */
export type Mix = 'all' | 'long' | 'many';

export type Counts = { calls: number; acknowledged: number; unanswered: number };

const words = ['Acme', 'Globex', 'Straße', 'ΣΊΣΥΦΟΣ', 'ﬁne', 'Ångström', '漢字漢字'];

/** Calls at random of the customers of one file, each taken down in its ledger. */
export class Load {
  /** What corporation a customer may have; the first has the `anchor`. */
  corporationIds: string[] = [];
  /** Customers that are answered as created since the load began. */
  created = 0;
  /** Calls that are answered since the load began. */
  answered = 0;
  /** Calls that were not answered as refused either, and so may have been done. */
  readonly unknown = new Set<Call>();
  private serials = 0;
  private keys = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly random: Random,
    readonly counts: Counts,
  ) {}

  /** Makes the customer whose external id is taken for good. */
  async begin(caller: Client): Promise<void> {
    const call = this.create(this.random, { given: this.anchor });
    this.ledger.acknowledge(call, await call.send(caller, restFace));
  }

  /**
   * Makes calls, `width` at once, until a connection ends or, where there is a signal, until that;
   * resolves when each is answered or known to be not. An answer that is not as it must be rejects.
   */
  async run(caller: Client, mix: Mix, width: number, until?: AbortSignal): Promise<void> {
    this.created = 0;
    this.answered = 0;
    let over = false;
    const work = async (random: Random) => {
      try {
        while (!over && !until?.aborted) {
          if (!(await this.step(caller, mix, random)) && !until) over = true;
        }
      } catch (error) {
        over = true;
        throw error;
      }
    };
    const workers = Array.from({ length: width }, () => work(this.random.fork()));
    const results = await Promise.allSettled(workers);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /** Makes one call, or two that contend; resolves to false when one was not answered. */
  private step(caller: Client, mix: Mix, random: Random): Promise<boolean> {
    if (mix !== 'all' && !random.oneIn(4)) {
      const size = mix === 'long' ? 60 : 250;
      return this.make(caller, this.createMany(random, size, mix), random);
    }
    const entry = random.oneIn(3) ? undefined : this.take(random);
    if (!entry) {
      switch (random.int(1, 9)) {
        case 1:
          return this.make(caller, this.createMany(random, random.int(2, 40), mix), random);
        case 2:
          return this.makeTwice(caller, this.create(random, { keyed: true }));
        case 3:
          return this.make(caller, this.createTaken(random), random);
        case 4:
          return this.make(caller, this.upsertNew(random), random);
        default:
          return this.make(caller, this.create(random), random);
      }
    }
    const kind = random.int(1, 8);
    if (kind === 1) return this.make(caller, this.remove(entry, random), random);
    if (kind === 2) return this.makeEither(caller, entry, random);
    if (kind === 3) return this.make(caller, this.updateLate(entry, random), random);
    return kind === 4 && entry.now?.externalId
      ? this.make(caller, this.upsert(entry, random), random)
      : this.make(caller, this.update(entry, random), random);
  }

  private async make(caller: Client, call: Call, random: Random): Promise<boolean> {
    const outcomes = await this.answer(call, call.send(caller, random.pick(call.faces)));
    if (outcomes) this.acknowledge(call, outcomes);
    else this.ledger.doubt(call);
    this.ledger.release([call]);
    return outcomes !== null;
  }

  /** A retry that does not wait for the answer: the same call over both faces at once. */
  private async makeTwice(caller: Client, call: Call): Promise<boolean> {
    const answers = await Promise.all(
      call.faces.map((face) => this.answer(call, call.send(caller, face))),
    );
    const outcomes = answers.flatMap((answer) => answer ?? []);
    const successes = outcomes.filter((outcome) => 'customer' in outcome);
    const first = successes.find(({ replayed }) => !replayed);
    for (const outcome of outcomes) {
      const isFine =
        'customer' in outcome
          ? outcome === first || outcome.replayed
          : outcome.code === 'IDEMPOTENCY_IN_FLIGHT';
      if (!isFine) throw new Error(`A call made twice was answered ${JSON.stringify(outcomes)}`);
    }
    if (answers.every(Boolean) && !first) {
      throw new Error(`A call made twice was answered ${JSON.stringify(outcomes)}`);
    }
    const [seen] = successes;
    if (seen) this.acknowledge(call, [{ ...seen, replayed: false }]);
    else this.ledger.doubt(call);
    this.ledger.release([call]);
    return answers.every(Boolean);
  }

  /** Two updates of what was seen at the same version, of which one alone may be made. */
  private async makeEither(caller: Client, entry: Entry, random: Random): Promise<boolean> {
    const calls = [1, 2].map(() => this.update(entry, random, { expected: true, keyed: false }));
    const answers = await Promise.all(
      calls.map((call) => this.answer(call, call.send(caller, random.pick(call.faces)))),
    );
    const outcomes = answers.map((answer) => answer?.[0]);
    const made = outcomes.findIndex((outcome) => outcome && 'customer' in outcome);
    const refused = outcomes.findIndex((outcome) => outcome && 'code' in outcome);
    const refusal = outcomes[refused] as { code: string; current?: object } | undefined;
    const other = calls[1 - refused] as Call;
    if (refusal && refusal.code !== 'VERSION_MISMATCH') {
      throw new Error(`An update was answered ${JSON.stringify(refusal)}`);
    }
    if (made >= 0) this.acknowledge(calls[made] as Call, [outcomes[made] as Outcome]);
    // What a refusal shows of the other update is an answer too.
    else if (refusal) {
      this.acknowledge(other, [{ customer: refusal.current ?? {}, replayed: false }]);
    } else for (const call of calls) this.ledger.doubt(call);
    this.ledger.release(calls);
    if (outcomes.every((outcome) => outcome && 'customer' in outcome)) {
      throw new Error(`${entry.serial} was changed twice from one version`);
    }
    return answers.every(Boolean);
  }

  /** Waits for the answer; null when there is none. */
  private async answer(call: Call, answer: Promise<Outcome[]>): Promise<Outcome[] | null> {
    this.counts.calls++;
    try {
      const outcomes = await answer;
      this.counts.acknowledged++;
      this.answered++;
      return outcomes;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.counts.unanswered++;
      if (!(error instanceof Refused)) this.unknown.add(call);
      return null;
    }
  }

  private acknowledge(call: Call, outcomes: Outcome[]): void {
    this.created += changesOf(call).filter(({ entry }) => !entry.now).length;
    this.ledger.acknowledge(call, outcomes);
  }

  private take(random: Random): Entry | undefined {
    const { free } = this.ledger;
    if (free.length === 0) return undefined;
    const at = random.int(0, free.length - 1);
    const entry = free[at] as Entry;
    free[at] = free.at(-1) as Entry;
    free.pop();
    return entry;
  }

  private create(random: Random, { keyed = !random.oneIn(3), given = {} } = {}): Call {
    const entry = this.newEntry();
    const to = { ...this.fields(entry, random, 1), ...given };
    const key = keyed ? this.key(random) : undefined;
    return {
      holds: [entry],
      expected: [{ entry, to }],
      claims: claimsOf('createCustomer', key, [{ entry, to }]),
      faces,
      send: async (caller, face) => [
        await face.create(caller, inputOf(entry, to), { idempotencyKey: key }),
      ],
    };
  }

  private createTaken(random: Random): Call {
    const entry = { serial: 'taken' } as Entry;
    const to = { ...this.fields(entry, random, 1), ...this.anchor };
    return {
      holds: [],
      expected: [{ code: 'CONFLICT' }],
      claims: [],
      faces,
      send: async (caller, face) => [
        await face.create(caller, inputOf(entry, to), { idempotencyKey: this.key(random) }),
      ],
    };
  }

  private createMany(random: Random, size: number, mix: Mix): Call {
    const face = random.pick(faces);
    const key = mix !== 'long' && random.oneIn(3) ? undefined : this.key(random);
    const parts = Array.from({ length: size }, (): Made | { code: string } => {
      if (random.oneIn(20)) return { code: random.pick(['INVALID_INPUT', 'CONFLICT']) };
      const entry = this.newEntry();
      const to = this.fields(entry, random, 1);
      return { entry, to: mix === 'long' ? { ...to, ...long(entry) } : to };
    });
    const inputs = parts.map((part) => {
      if ('entry' in part) return inputOf(part.entry, part.to);
      return part.code === 'CONFLICT'
        ? { ...this.anchor, name: 'Taken' }
        : { corporationId: this.anchor.corporationId, name: 'A' };
    });
    const changes = parts.filter((part): part is Made => 'entry' in part);
    if (face === restFace) {
      return {
        holds: changes.map(({ entry }) => entry),
        expected: parts,
        claims: claimsOf('createCustomers', key, changes),
        faces: [face],
        send: (caller) => face.createMany(caller, inputs, { idempotencyKey: key }),
      };
    }
    const keyed = inputs.map((input, at) => ({
      ...input,
      ...(key && { idempotencyKey: `${key} ${at}` }),
    }));
    return {
      holds: changes.map(({ entry }) => entry),
      expected: parts,
      claims: parts.flatMap((part, at) =>
        'entry' in part ? claimsOf('createCustomer', key && `${key} ${at}`, [part]) : [],
      ),
      faces: [graphqlFace],
      send: (caller) => face.createMany(caller, keyed),
    };
  }

  private update(
    entry: Entry,
    random: Random,
    { expected = random.oneIn(2), keyed = !random.oneIn(3) } = {},
  ): Call {
    const now = entry.now as State;
    const version = now.version + 1;
    const { name, ...others } = this.fields(entry, random, version);
    const fields = {
      name,
      ...(random.oneIn(2) && { email: others.email }),
      ...(random.oneIn(3) && { externalId: others.externalId }),
      ...(random.oneIn(3) && { shippingAddress: others.shippingAddress }),
      ...(random.oneIn(3) && { sourcePlatform: others.sourcePlatform }),
    };
    const to = { ...now, ...fields, version };
    const key = keyed ? this.key(random) : undefined;
    const options = {
      expectedVersion: expected ? now.version : undefined,
      idempotencyKey: key,
    };
    return {
      holds: [entry],
      expected: [{ entry, to }],
      claims: claimsOf('updateCustomer', key, [{ entry, to }]),
      faces,
      send: async (caller, face) => [await face.update(caller, entry.id ?? '', fields, options)],
    };
  }

  private updateLate(entry: Entry, random: Random): Call {
    const call = this.update(entry, random);
    const options = {
      expectedVersion: (entry.now?.version ?? 0) + random.int(1, 3),
      idempotencyKey: this.key(random),
    };
    return {
      ...call,
      expected: [{ code: 'VERSION_MISMATCH' }],
      claims: [],
      send: async (caller, face) => [
        await face.update(caller, entry.id ?? '', { name: 'Late' }, options),
      ],
    };
  }

  private upsertNew(random: Random): Call {
    const entry = this.newEntry();
    return this.upsert(entry, random, {
      ...this.fields(entry, random, 1),
      externalId: this.ledger.freedExternalIds.pop() ?? `new ${entry.serial}`,
    });
  }

  private upsert(entry: Entry, random: Random, fresh?: State): Call {
    const { now } = entry;
    const to = fresh ?? {
      ...this.fields(entry, random, (now?.version ?? 0) + 1),
      corporationId: now?.corporationId ?? '',
      externalId: now?.externalId ?? '',
    };
    const key = random.oneIn(3) ? undefined : this.key(random);
    const options = {
      expectedVersion: random.oneIn(2) ? (now?.version ?? 0) : undefined,
      idempotencyKey: key,
    };
    return {
      holds: [entry],
      expected: [{ entry, to }],
      claims: claimsOf('upsertCustomer', key, [{ entry, to }]),
      faces,
      send: async (caller, face) => [await face.upsert(caller, inputOf(entry, to), options)],
    };
  }

  private remove(entry: Entry, random: Random): Call {
    const key = random.oneIn(3) ? undefined : this.key(random);
    const options = {
      expectedVersion: random.oneIn(2) ? entry.now?.version : undefined,
      idempotencyKey: key,
    };
    return {
      holds: [entry],
      expected: [{ entry, to: null }],
      claims: claimsOf('deleteCustomer', key, [{ entry, to: null }]),
      faces,
      send: async (caller, face) => [await face.remove(caller, entry.id ?? '', options)],
    };
  }

  private newEntry(): Entry {
    return this.ledger.newEntry(`s${++this.serials}`);
  }

  private key(random: Random): string {
    return `${random.int(0, 0x7fffffff).toString(36)} ${++this.keys}`;
  }

  private get anchor() {
    return { corporationId: this.corporationIds[0] ?? '', externalId: 'anchor' };
  }

  private fields({ serial }: Entry, random: Random, version: number): State {
    const address = {
      line1: `Street ${serial}`,
      line2: null,
      city: random.pick(['Berlin', 'Köln']),
      state: null,
      postalCode: String(version),
      country: 'DE',
    };
    return {
      corporationId: random.pick(this.corporationIds),
      name: `${random.pick(words)} ${serial} at ${version}`,
      email: random.oneIn(2) ? `${serial}.${version}@example.com` : null,
      externalId: random.oneIn(2) ? `ext ${serial} ${version} ${random.int(0, 1e9)}` : null,
      shippingAddress: random.oneIn(3) ? null : address,
      sourcePlatform: random.oneIn(2) ? random.pick(['shopify', 'Magento']) : null,
      version,
    };
  }
}

type Made = { entry: Entry; to: State };

/** Fields of some 6 kB, so that the write-ahead log grows fast. */
function long({ serial }: Entry) {
  const line = '🏠'.repeat(255);
  const lines = { line1: line, line2: line, city: line, state: line };
  return {
    externalId: `${serial} ${'🏠'.repeat(240)}`,
    sourcePlatform: line,
    shippingAddress: { ...lines, postalCode: '10115', country: 'DE' },
  };
}

function inputOf({ serial }: Entry, { version: _, ...fields }: State) {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), sourcePlatformId: serial } as Record<string, unknown>;
}

function claimsOf(operation: string, key: string | undefined, changes: Change[]): Claim[] {
  // A call that makes nothing uses no key up.
  return key === undefined || changes.length === 0 ? [] : [{ operation, key, changes }];
}
