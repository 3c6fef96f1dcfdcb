import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { operator } from '../../src/access/viewer.js';
import type { Services } from '../../src/services.js';
import type { Json } from '../support/client.js';
import { Serving } from '../support/command.js';
import { beside, createDatabase, dropDatabase, rowsOf } from '../support/database.js';
import { corporationIds, knownIds } from './values.js';

/** What the process tells of its event loop when it ends, in ms. */
export type Stalls = {
  /** The most that it worked from one turn to the next. */
  work: number;
  /** The most that passed between two turns, which includes what other processes did meanwhile. */
  delay: number;
};

/** Measures from inside of the process. */
const probe = `
import { monitorEventLoopDelay } from 'node:perf_hooks';
const delay = monitorEventLoopDelay({ resolution: 5 });
let work = 0;
process.once('SIGUSR2', () => {
  delay.enable();
  let before = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    work = Math.max(work, (user + system) / 1000);
    before = process.cpuUsage();
  }, 5).unref();
});
process.on('exit', () => {
  process.stderr.write('STALLS ' + JSON.stringify({ work, delay: delay.max / 1e6 }) + '\\n');
});
`;

/** The service as a process of its own, so that it cannot be confused with what is thrown at it. */
export class FuzzedService {
  private constructor(
    private readonly serving: Serving,
    private readonly folder: string,
    private readonly databaseUrl: string,
    readonly token: string,
  ) {}

  static async start(folder: string): Promise<FuzzedService> {
    const output = join(folder, 'output.log');
    const databaseUrl = await createDatabase();
    const serving = await Serving.start(
      {
        DATABASE_URL: databaseUrl,
        NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(probe)}"`,
        // Nobody is to be told to wait, for it would hide what else would have been answered.
        RATE_LIMIT: 'off',
        // Requests that never become whole are answered within the patience of the client.
        REQUEST_TIMEOUT: '1s',
      },
      { stdout: output },
    );
    const shown = () => /clientele_[0-9a-f]{48}/.exec(readFileSync(output, 'utf8'))?.[0];
    const token = await vi.waitUntil(shown, { timeout: 10_000 });
    const service = new FuzzedService(serving, folder, databaseUrl, token);
    await service.beside(({ corporations }) =>
      corporations.createWithId({
        id: corporationIds[1],
        input: { legalName: 'Globex', jurisdiction: 'US' },
      }),
    );
    return service;
  }

  get address() {
    const { hostname, port } = new URL(this.serving.url);
    return { host: hostname, port: Number(port) };
  }

  /** Begins to measure, without what the start took. */
  measure(): void {
    this.serving.signal('SIGUSR2');
  }

  /** Puts the customers that requests know of back to what they were. */
  restoreKnown(): Promise<void> {
    return this.beside(async ({ customers }) => {
      for (const [n, id] of knownIds.entries()) {
        const corporationId = corporationIds[n % 2];
        const input = { id, corporationId, name: `Known ${n}`, externalId: `known_${n}` };
        await customers.restore(operator, { input });
      }
    });
  }

  /** How many customers the service tells of each of the corporations. */
  totals(corporationIds: string[]): Promise<Map<string, number>> {
    return this.beside(async ({ customers }) => {
      const totals = new Map<string, number>();
      for (const corporationId of corporationIds) {
        const list = await customers.list(operator, { corporationId });
        totals.set(corporationId, await list.totalCount());
      }
      return totals;
    });
  }

  rows(sql: string): Promise<Json[]> {
    return rowsOf(this.databaseUrl, sql);
  }

  /** All that it logged so far, one parsed line each. */
  logs(): Json[] {
    return readFileSync(join(this.folder, 'output.log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }

  /** Resolves to its exit code and to how long it stood still. */
  async stop(): Promise<{ code: number | string | null; stalls: Stalls; stderr: string }> {
    const code = await this.serving.stop();
    const [said = '', json = 'null'] = /STALLS (.*)\n/.exec(this.serving.output) ?? [];
    return { code, stalls: JSON.parse(json), stderr: this.serving.output.replace(said, '') };
  }

  /** Takes away what a service that was stopped leaves behind. */
  forget(): Promise<void> {
    return dropDatabase(this.databaseUrl);
  }

  private beside<T>(work: (services: Services) => Promise<T>): Promise<T> {
    return beside(this.databaseUrl, work);
  }
}
