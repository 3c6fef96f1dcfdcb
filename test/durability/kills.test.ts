import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { clientele, killed, Serving } from '../support/command.js';
import { OneShotClient } from './client.js';
import { compareFaces, repeat } from './compare.js';
import { readDatabase } from './database.js';
import { Faults, Ledger } from './ledger.js';
import { Load } from './load.js';
import { Random } from './random.js';

const kills = Number(process.env.KILLS || 5);
const seed = Number(process.env.SEED || Math.floor(Math.random() * 0x7fffffff));

/** After so many kills a new file is begun, for it to stay small enough to be read again and again. */
const killsPerFile = 10;

/** The load is under way when so many calls of it are answered. */
const underWay = 100;

/** When the process is killed, in each file over and over in an order of its own. */
const moments = ['start', 'load', 'checkpoint', 'load', 'indexing'] as const;
type Moment = (typeof moments)[number];

const figures = {
  kills: 0,
  'kills while starting': 0,
  'kills amid a checkpoint': 0,
  'kills before the index was up to date': 0,
  calls: 0,
  acknowledged: 0,
  unanswered: 0,
  'unanswered but done': 0,
  retried: 0,
  lost: 0,
  doubled: 0,
};

test(
  'what was answered outlives kill -9, nothing is half there, and a retry makes nothing twice',
  async () => {
    const random = new Random(seed);
    try {
      while (figures.kills < kills) {
        await File.liveThrough(Math.min(killsPerFile, kills - figures.kills), random.fork());
      }
    } catch (error) {
      throw new Error(
        `SEED=${seed} KILLS=${kills}: ${error instanceof Error ? error.message : error}`,
        { cause: error },
      );
    } finally {
      const lines = Object.entries({ seed, ...figures }).map(([name, n]) => `  ${name}: ${n}`);
      console.log(lines.join('\n'));
    }
    expect(figures).toMatchObject({ kills, lost: 0, doubled: 0 });
    // In so many kills chance has a share of each kind, or the test no longer tests it.
    if (kills >= 100) expect(Object.entries(figures).filter(([, n]) => n === 0)).toHaveLength(2);
  },
  60_000 + kills * 20_000,
);

/** One database file, and the processes that served it one after the other. */
class File {
  private readonly path: string;
  private readonly env: Record<string, string>;
  private readonly ledger = new Ledger();
  private readonly load: Load;
  private token = '';

  private constructor(
    private readonly folder: string,
    private readonly random: Random,
  ) {
    this.path = join(folder, 'clientele.db');
    this.env = { DATABASE_URL: this.path, RATE_LIMIT: 'off' };
    this.load = new Load(this.ledger, random.fork(), figures);
  }

  /** Kills so many times on a new file. One with a fault is kept, and named in the error. */
  static async liveThrough(count: number, random: Random): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'clientele-'));
    try {
      await new File(folder, random).liveThrough(count);
    } catch (error) {
      if (error instanceof Error) error.message += `\nThe file is kept in ${folder}`;
      throw error;
    }
    rmSync(folder, { recursive: true });
  }

  private async liveThrough(count: number): Promise<void> {
    let next: Moment[] = [...moments];
    for (let kill = 0; kill < count; kill++) {
      const moment = next.shift() as Moment;
      if (moment === 'start') await this.killAtStart();
      else await this.killUnderLoad(moment);
      figures.kills++;
      if (next.length === 0) next = this.random.shuffled(moments);
    }
    const { serving, client } = await this.start();
    client.close();
    expect(await serving.stop()).toBe(0);
    this.read();
  }

  /** Starts the process, compares all that there is, and makes the calls again that it left open. */
  private async start(): Promise<{ serving: Serving; client: OneShotClient }> {
    const serving = await Serving.start(this.env);
    try {
      this.token ||= /clientele_[0-9a-f]{48}/.exec(serving.output)?.[0] ?? (await this.makeToken());
      const client = new OneShotClient(serving.url, this.token);
      if (this.load.corporationIds.length === 0) {
        const corporation = { legal_name: 'Other', jurisdiction: 'US' };
        const { body } = await client.post('/corporations', corporation);
        this.load.corporationIds = ['corp_123', body.data.id];
        await this.load.begin(client);
      }
      await this.compare(client);
      return { serving, client };
    } catch (error) {
      serving.signal('SIGKILL');
      await serving.ended();
      throw error;
    }
  }

  /** As the welcome says, for a token that was made and never shown. */
  private async makeToken(): Promise<string> {
    const made = await clientele(['token', 'create', '--all', '--name', 'test'], this.env);
    expect(made).toMatchObject({ code: 0 });
    return made.stdout.trim();
  }

  private async killAtStart(): Promise<void> {
    const isNew = !existsSync(this.path);
    const delay = this.random.int(0, isNew ? 60 : 400);
    let since = isNew ? 0 : performance.now();
    await killed(['serve'], this.env, () => {
      // What there is to be cut short in a new file begins with it.
      if (!since && existsSync(this.path)) since = performance.now();
      return since > 0 && performance.now() - since >= delay;
    });
    figures['kills while starting']++;
  }

  private async killUnderLoad(moment: Exclude<Moment, 'start'>): Promise<void> {
    const { serving, client } = await this.start();
    const mix = ({ load: 'all', checkpoint: 'long', indexing: 'many' } as const)[moment];
    const running = this.load.run(client, mix, 16);
    const over = new AbortController();
    const ending = running.finally(() => over.abort()).catch(() => {});
    // A load that fails ends the wait, and the test when it is awaited.
    await Promise.race([this.momentOf(moment, over.signal), ending]);
    serving.signal('SIGKILL');
    const ended = await serving.ended();
    await running;
    client.close();
    expect(ended).toBe('SIGKILL');
    expect(serving.output).not.toMatch(/"level":[56]0/);
    if (moment === 'checkpoint' && wasAmidCheckpoint(this.path))
      figures['kills amid a checkpoint']++;
    if (moment === 'indexing' && (await this.isIndexDue())) {
      figures['kills before the index was up to date']++;
    }
  }

  /** Resolves when the process is to be killed, or the load is over. */
  private async momentOf(moment: Exclude<Moment, 'start'>, over: AbortSignal): Promise<void> {
    const { load, path, random } = this;
    const until = async (isSo: () => boolean) => {
      while (!isSo() && !over.aborted) await wait(1);
    };
    switch (moment) {
      case 'load':
        await until(() => load.answered >= underWay);
        await wait(random.int(5, 150));
        break;
      case 'checkpoint': {
        await until(() => load.answered > 0);
        // Nothing else writes to the file itself.
        const watcher = watch(path, { signal: over });
        await once(watcher, 'change').catch(() => {});
        watcher.close();
        await wait(random.int(0, 8));
        break;
      }
      case 'indexing':
        await until(() => load.created >= 500);
        await wait(random.int(0, 10));
    }
  }

  /** Whether 500 customers wait for the index, as a copy of what the kill left shows. */
  private async isIndexDue(): Promise<boolean> {
    const copy = join(this.folder, 'copy.db');
    for (const suffix of ['', '-wal']) await cp(this.path + suffix, copy + suffix);
    const sqlite = new BetterSqlite3(copy);
    const behind = sqlite
      .prepare('select (select max(seq) from customers) - indexed_through from search_index_state')
      .pluck()
      .get();
    sqlite.close();
    rmSync(copy);
    return Number(behind) >= 500;
  }

  private async compare(client: OneShotClient): Promise<void> {
    const faults = new Faults();
    const contents = readDatabase(this.path, faults);
    const settled = this.ledger.settle(contents, faults);
    this.count(faults);
    const { ledger, random, load } = this;
    await compareFaces(client, contents.rows, {
      ledger,
      random,
      corporationIds: load.corporationIds,
    });

    figures['unanswered but done'] += settled.filter(({ done }) => done).length;
    figures.retried += await repeat(client, settled, { ledger, random });
  }

  /** Compares the file alone, when no call is open. */
  private read(): void {
    const faults = new Faults();
    this.ledger.settle(readDatabase(this.path, faults), faults);
    this.count(faults);
  }

  private count(faults: Faults): void {
    figures.lost += faults.lost.length;
    figures.doubled += faults.doubled.length;
    if (faults.all.length > 0) throw new Error(faults.all.slice(0, 20).join('\n'));
  }
}

/**
 * Whether a checkpoint was begun and not ended, by the index of the write-ahead log, which outlives
 * the process: how many frames it meant to copy, and how many it had.
 * https://sqlite.org/walformat.html#the_wal_index_file_format
 */
function wasAmidCheckpoint(path: string): boolean {
  const index = readFileSync(`${path}-shm`);
  const copied = index.readUInt32LE(96);
  const meant = index.readUInt32LE(128);
  return meant > copied;
}
