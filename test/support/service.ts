import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import type { TokenRequest } from '../../src/access/access.js';
import { readConfig } from '../../src/config.js';
import type { Services } from '../../src/services.js';
import { type RunningService, start } from '../../src/start.js';
import { Client, type Json, type Reply, type SendOptions } from './client.js';
import { beside, createDatabase, dropDatabase, execute, holdWrites, rowsOf } from './database.js';

export type { Json, Reply, SendOptions };

/** A running service on a database of its own, as a user has it after the first start. */
export class Service extends Client {
  /** What the service logged, one parsed line each. */
  readonly logs: Json[] = [];
  private running!: RunningService;

  /** `databaseUrl` is a path where the tests run on SQLite. */
  private constructor(readonly databaseUrl: string) {
    super();
  }

  static async start(environment: Record<string, string> = {}): Promise<Service> {
    const service = new Service(await createDatabase());
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

  async open(environment: Record<string, string> = {}): Promise<void> {
    const config = readConfig({ PORT: '0', DATABASE_URL: this.databaseUrl, ...environment });
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
    return dropDatabase(this.databaseUrl);
  }

  /** Works on the same database from beside the running service, as the command line does. */
  beside<T>(work: (services: Services) => Promise<T>): Promise<T> {
    return beside(this.databaseUrl, work);
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

  /** As `rowsOf`. */
  rows(sql: string, ...parameters: unknown[]): Promise<Json[]> {
    return rowsOf(this.databaseUrl, sql, ...parameters);
  }

  /** As `execute`. */
  execute(sql: string): Promise<void> {
    return execute(this.databaseUrl, sql);
  }

  /** As `holdWrites`. */
  holdWrites(): Promise<() => Promise<void>> {
    return holdWrites(this.databaseUrl);
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
