import { expect, vi } from 'vitest';
import { OneShotClient } from '../durability/client.js';
import { compareFaces, repeat } from '../durability/compare.js';
import { Faults, Ledger } from '../durability/ledger.js';
import { Load } from '../durability/load.js';
import { Random } from '../durability/random.js';
import { Serving } from '../support/command.js';
import { readContents } from './contents.js';
import { Processes } from './processes.js';

/** Calls that are under way at once. */
const width = 16;

/** Processes on one database, calls of every kind of them, and what was answered. */
export class Served {
  readonly processes = new Processes();
  readonly seed = Number(process.env.SEED || Math.floor(Math.random() * 0x7fffffff));
  readonly figures = { calls: 0, acknowledged: 0, unanswered: 0 };
  private readonly random = new Random(this.seed);
  private readonly ledger = new Ledger();
  private readonly load = new Load(this.ledger, this.random.fork(), this.figures);
  private readonly servings = new Map<Serving, OneShotClient>();
  private readonly over = new AbortController();
  private running: Promise<void> | null = null;
  private failed = false;
  private token = '';

  constructor(private readonly databaseUrl: string) {}

  /** Starts a process more; `program` is the one that is run, unless it is that of this version. */
  async start(program?: string): Promise<Serving> {
    const env = { DATABASE_URL: this.databaseUrl, RATE_LIMIT: 'off' };
    const serving = await Serving.start(env, { program });
    this.token ||= serving.firstToken;
    const client = new OneShotClient(serving.url, this.token);
    this.servings.set(serving, client);
    this.processes.add(client);
    return serving;
  }

  /** Begins calls that go on whatever comes of them. */
  async begin(): Promise<void> {
    const other = { legal_name: 'Other', jurisdiction: 'US' };
    const { body } = await this.processes.post('/corporations', other);
    this.load.corporationIds = ['corp_123', body.data.id];
    await this.load.begin(this.processes);
    this.running = this.load.run(this.processes, 'all', width, this.over.signal);
    this.running.catch(() => {
      this.failed = true;
    });
  }

  /** Resolves once it is so, or rejects with what went wrong in the load meanwhile. */
  async until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    const options = { timeout: 20_000, interval: 5 };
    await vi.waitUntil(async () => this.failed || (await isSo()), options);
    if (this.failed) await this.running;
  }

  /** Resolves when so many calls more are answered. */
  answers(count: number): Promise<void> {
    const { acknowledged } = this.figures;
    return this.until(() => this.figures.acknowledged >= acknowledged + count);
  }

  /** Ends a process as a deployment does, once it is asked for nothing more. */
  async stop(serving: Serving): Promise<void> {
    const client = this.servings.get(serving) as OneShotClient;
    this.servings.delete(serving);
    this.processes.remove(client);
    expect(await serving.stop()).toBe(0);
    client.close();
  }

  /**
   * Ends the calls and compares what is in the database, by that URL, with what was answered: all that
   * was acknowledged is there, once, nothing that was refused is, and what nobody knew of was done
   * wholly or not at all, and is done once when it is made again with its key.
   */
  async compare(
    url: string,
  ): Promise<{ unknown: number; unknownButDone: number; retried: number }> {
    this.over.abort();
    await this.running;
    const { ledger, random, load, processes } = this;
    const faults = new Faults();
    const contents = await readContents(url);
    const settled = ledger.settle(contents, faults);
    const done = settled.filter((each) => each.done);
    for (const { call } of done) {
      if (!load.unknown.has(call))
        faults.add('other', `was refused, and done: ${call.claims[0]?.key}`);
    }
    expect(faults.all, `SEED=${this.seed}`).toEqual([]);
    const { corporationIds } = load;
    await compareFaces(processes, contents.rows, { ledger, random, corporationIds });
    const retried = await repeat(processes, settled, { ledger, random });

    ledger.settle(await readContents(url), faults);
    expect(faults.all, `SEED=${this.seed}`).toEqual([]);
    return { unknown: load.unknown.size, unknownButDone: done.length, retried };
  }

  async end(): Promise<void> {
    this.over.abort();
    await this.running?.catch(() => {});
    await Promise.all([...this.servings.keys()].map((serving) => serving.stop()));
    this.processes.close();
  }
}
