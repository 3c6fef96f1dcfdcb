import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import type { TokenRequest } from '../../src/access/access.js';
import { readConfig } from '../../src/config.js';
import { createServices, type Services } from '../../src/services.js';
import { type RunningService, start } from '../../src/start.js';
import { openStorage } from '../../src/storage/open.js';
import { Client, type Json, type Reply, type SendOptions } from './client.js';

export type { Json, Reply, SendOptions };

/** A running service on a file of its own, as a user has it after the first start. */
export class Service extends Client {
  /** What the service logged, one parsed line each. */
  readonly logs: Json[] = [];
  readonly folder: string;
  private running!: RunningService;

  private constructor(folder: string) {
    super();
    this.folder = folder;
  }

  static async start(environment: Record<string, string> = {}): Promise<Service> {
    const service = new Service(await mkdtemp(join(tmpdir(), 'clientele-')));
    await service.open(environment);
    service.firstToken = service.running.firstUse?.token ?? '';
    return service;
  }

  get url(): string {
    return this.running.url;
  }

  get firstUse() {
    return this.running.firstUse;
  }

  get databasePath(): string {
    return join(this.folder, 'clientele.db');
  }

  async open(environment: Record<string, string> = {}): Promise<void> {
    const config = readConfig({ PORT: '0', DATABASE_URL: this.databasePath, ...environment });
    const log = pino({ level: 'debug' }, { write: (line) => this.logs.push(JSON.parse(line)) });
    this.running = await start(config, log);
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await this.forget();
  }

  /** Takes away what a service that was stopped leaves behind. */
  forget(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  /** Works on the same database from beside the running service, as the command line does. */
  async beside<T>(work: (services: Services) => Promise<T>): Promise<T> {
    const storage = await openStorage({
      database: { kind: 'sqlite', path: this.databasePath },
      writeQueueLimit: 100,
    });
    try {
      return await work(createServices(storage));
    } finally {
      await storage.close();
    }
  }

  async issueToken(request: Partial<TokenRequest> = {}): Promise<string> {
    const issued = await this.beside(({ access }) =>
      access.issue({
        name: 'test',
        corporationIds: null,
        right: 'write',
        lifetime: null,
        ...request,
      }),
    );
    return issued.token;
  }

  /** A corporation that no other test knows. */
  async newCorporation(): Promise<string> {
    const { body } = await this.post('/corporations', {
      legal_name: 'Test Corporation',
      jurisdiction: 'US',
    });
    return body.data.id;
  }

  /** What is in the file, seen through a second connection. */
  rows(sql: string, ...parameters: unknown[]): Json[] {
    const sqlite = new BetterSqlite3(this.databasePath, { readonly: true });
    try {
      return sqlite.prepare(sql).all(...parameters) as Json[];
    } finally {
      sqlite.close();
    }
  }
}

/** One service for all tests of a file. */
export function useService(environment: Record<string, string> = {}): { current: Service } {
  const holder = {} as { current: Service };
  beforeAll(async () => {
    holder.current = await Service.start(environment);
  });
  afterAll(() => holder.current.destroy());
  return holder;
}
