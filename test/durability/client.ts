import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Caller } from '../support/faces.js';
import type { Json, Reply, SendOptions } from '../support/service.js';

/** The connection could not be had, or ended before the whole answer was there. */
export class Unanswered extends Error {}

/** Sends each request once: what is never answered is not sent again behind the caller's back. */
export class Client implements Caller {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  async send(path: string, body: string | undefined, options: SendOptions = {}): Promise<Reply> {
    const { headers = {}, method = body === undefined ? 'GET' : 'POST' } = options;
    const sent = request(this.url + path, {
      agent: this.agent,
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body !== undefined && {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        }),
        ...headers,
      },
    });
    return new Promise((resolve, reject) => {
      const unanswered = (cause: Error) => reject(new Unanswered(cause.message, { cause }));
      sent.once('error', unanswered);
      sent.once('response', (answer) => {
        const { statusCode: status = 0, headers } = answer;
        const names = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]);
        text(answer).then((body) => {
          const isJson = headers['content-type']?.includes('json');
          resolve({ status, headers: new Headers(names), body: isJson ? JSON.parse(body) : body });
        }, unanswered);
      });
      sent.end(body);
    });
  }

  get(path: string, options?: SendOptions): Promise<Reply> {
    return this.send(path, undefined, options);
  }

  post(path: string, body: unknown, options?: SendOptions): Promise<Reply> {
    return this.send(path, JSON.stringify(body), options);
  }

  graphql(query: string, variables: Json = {}, options?: SendOptions): Promise<Reply> {
    return this.post('/graphql', { query, variables }, options);
  }

  close(): void {
    this.agent.destroy();
  }
}
