import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { Serving } from '../support/command.js';
import { rowsOf, useDatabases } from '../support/database.js';
import { faces } from '../support/faces.js';
import { OneShotClient, Unanswered } from './client.js';

const newDatabase = useDatabases();

/** A running process under load, and what was answered of it, by the `sourcePlatformId`. */
class Loaded {
  readonly answered: string[] = [];
  private asked = 0;
  private stopped = false;
  private readonly workers: Promise<void>[] = [];

  private constructor(
    readonly serving: Serving,
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async start(): Promise<Loaded> {
    const url = await newDatabase();
    const serving = await Serving.start({ DATABASE_URL: url, RATE_LIMIT: 'off' });
    return new Loaded(serving, url, /clientele_[0-9a-f]{48}/.exec(serving.output)?.[0] ?? '');
  }

  /** Begins many connections that create customers one after the other until there is no server. */
  begin(): void {
    for (let n = 0; n < 10; n++) {
      for (const face of faces) {
        const client = new OneShotClient(this.serving.url, this.token);
        this.repeat(async (serial) => {
          const headers = { 'X-Request-Id': serial };
          const input = { corporationId: 'corp_123', name: 'Acme', sourcePlatformId: serial };
          const outcome = await face.create(client, input, { headers });
          if ('code' in outcome) throw new Error(`A create was answered ${outcome.code}`);
          this.answered.push(serial);
        });
      }
    }
    for (let n = 0; n < 5; n++) {
      this.repeat(async (serial) => {
        const client = new OneShotClient(this.serving.url, this.token);
        const headers = { 'X-Request-Id': serial, Connection: 'close' };
        await client.post('/customers', this.body(serial), { headers });
        this.answered.push(serial);
      });
      this.repeat((serial) => this.pipeline([1, 2, 3, 4, 5].map((part) => `${serial}-${part}`)));
    }
  }

  /** Begins a create whose body stays half sent; resolves when the server has accepted it. */
  async beginSlowly(): Promise<{ finish(): Promise<number>; sent: ClientRequest }> {
    const serial = this.serial();
    const body = JSON.stringify(this.body(serial));
    const sent = request(`${this.serving.url}/customers`, {
      method: 'POST',
      agent: false,
      headers: { ...this.headers(serial, body), Expect: '100-continue' },
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.write(body.slice(0, 10));
    return {
      sent,
      finish: async () => {
        sent.end(body.slice(10));
        const [answer] = await once(sent, 'response');
        await text(answer);
        this.answered.push(serial);
        return answer.statusCode;
      },
    };
  }

  /**
   * Begins a create on a connection of its own and stops amid its body; resolves when the server has
   * accepted it. To go on sends the rest, and creates behind it without a wait for answers.
   */
  async beginBefore(count: number): Promise<{ goOn(): Promise<string> }> {
    const { hostname, port } = new URL(this.serving.url);
    const [first, ...others] = Array.from({ length: count + 1 }, () => this.message(this.serial()));
    const socket = connect(Number(port), hostname);
    socket.write(
      first?.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n').slice(0, -10) ?? '',
    );
    await once(socket, 'data');
    return {
      goOn: async () => {
        socket.write([first?.slice(-10), ...others].join(''));
        const received = await text(socket);
        this.answered.push(...answersIn(received));
        return received;
      },
    };
  }

  /** Resolves when so many creates are answered. */
  reach(count: number): Promise<unknown> {
    return vi.waitUntil(() => this.answered.length >= count, { timeout: 30_000, interval: 1 });
  }

  async refusesConnections(): Promise<boolean> {
    const { hostname, port } = new URL(this.serving.url);
    const socket = connect(Number(port), hostname);
    try {
      await once(socket, 'connect');
      return false;
    } catch {
      return true;
    } finally {
      socket.destroy();
    }
  }

  /** Resolves to the exit code once nothing runs any more. */
  async ended(): Promise<unknown> {
    const code = await this.serving.ended();
    this.stopped = true;
    await Promise.all(this.workers);
    return code;
  }

  /** What was created, as the log has it. */
  logged(): string[] {
    return this.serving.output
      .split('\n')
      .filter((line) => line.includes('"msg":"request"'))
      .map((line) => JSON.parse(line).requestId);
  }

  /** What was created, as the database has it. */
  async written(): Promise<unknown[]> {
    const rows = await rowsOf(this.url, 'select source_platform_id from customers');
    return rows.map(({ source_platform_id: serial }) => serial);
  }

  private repeat(create: (serial: string) => Promise<void>): void {
    const work = async () => {
      while (!this.stopped) {
        try {
          await create(this.serial());
        } catch (error) {
          if (!(error instanceof Unanswered)) throw error;
        }
      }
    };
    this.workers.push(work());
  }

  /** Sends all at once on one connection, and reads what answers come. */
  private async pipeline(serials: string[]): Promise<void> {
    const { hostname, port } = new URL(this.serving.url);
    const socket = connect(Number(port), hostname);
    socket.write(serials.map((serial) => this.message(serial)).join(''));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
      if (answersIn(received).length === serials.length) socket.end();
    });
    await new Promise((resolve) => socket.on('error', () => {}).once('close', resolve));
    this.answered.push(...answersIn(received));
  }

  private message(serial: string): string {
    const body = JSON.stringify(this.body(serial));
    const headers = { Host: 'localhost', ...this.headers(serial, body) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST /customers HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  }

  private serial(): string {
    return `s${++this.asked}`;
  }

  private body(serial: string) {
    return { corporation_id: 'corp_123', name: 'Acme', source_platform_id: serial };
  }

  private headers(serial: string, body: string) {
    return {
      Authorization: `Bearer ${this.token}`,
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Request-Id': serial,
    };
  }
}

/** The request ids of the answers that are there to their end. */
function answersIn(received: string): string[] {
  return [...received.matchAll(/X-Request-Id: (\S+)\r\n[^{]*\{.*?created customer\."\}/gi)].map(
    ([, id]) => id ?? '',
  );
}

describe('SIGTERM under load', { timeout: 60_000 }, () => {
  test.each([1, 100, 400])(
    'leaves nothing unanswered that was accepted, and nothing done that was not answered (after %i answers)',
    async (count) => {
      const loaded = await Loaded.start();
      loaded.begin();
      await loaded.reach(count);
      const slow = await Promise.all(Array.from({ length: 10 }, () => loaded.beginSlowly()));

      const since = performance.now();
      loaded.serving.signal('SIGTERM');
      await vi.waitUntil(() => loaded.refusesConnections(), { timeout: 5000, interval: 1 });
      const statuses = await Promise.all(slow.map(({ finish }) => finish()));

      expect(await loaded.ended()).toBe(0);
      expect(performance.now() - since).toBeLessThan(10_000);
      expect(statuses).toEqual(slow.map(() => 201));
      const answered = loaded.answered.sort();
      expect((await loaded.written()).sort()).toEqual(answered);
      expect(loaded.logged().sort()).toEqual(answered);
    },
  );

  test('does nothing of what comes after the last answer of a connection', async () => {
    const loaded = await Loaded.start();
    const begun = await loaded.beginBefore(5);
    loaded.serving.signal('SIGTERM');
    await vi.waitUntil(() => loaded.refusesConnections(), { timeout: 5000, interval: 1 });
    const received = await begun.goOn();

    expect(await loaded.ended()).toBe(0);
    expect(received.match(/^Connection: close\r$/gim)).toHaveLength(1);
    expect(loaded.answered).toHaveLength(2);
    expect((await loaded.written()).sort()).toEqual(loaded.answered.sort());
  });

  // It is cut off after 8 s, and on a machine that is busy with other tests the end may take 2 s more.
  test('cuts off what does not come to its end, does nothing of it, and exits 0', {
    retry: 1,
  }, async () => {
    const loaded = await Loaded.start();
    loaded.begin();
    const endless = await loaded.beginSlowly();
    const cutOff = once(endless.sent, 'response').catch((error) => error);
    await loaded.reach(50);

    const since = performance.now();
    loaded.serving.signal('SIGTERM');

    expect(await loaded.ended()).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(await cutOff).toBeInstanceOf(Error);
    expect((await loaded.written()).sort()).toEqual(loaded.answered.sort());
  });
});
