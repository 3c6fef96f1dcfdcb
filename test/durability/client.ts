import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Client, type Reply, type SendOptions } from '../support/client.js';

/** The connection could not be had, or ended before the whole answer was there. */
export class Unanswered extends Error {}

/** The answer is that nothing was done, and that the same call may be made again. */
export class Refused extends Unanswered {}

/** Sends each request once: what is never answered is not sent again behind the caller's back. */
export class OneShotClient extends Client {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    readonly url: string,
    override firstToken: string,
  ) {
    super();
  }

  protected override async exchange(
    path: string,
    body: string | undefined,
    options: SendOptions = {},
  ): Promise<Reply> {
    const { headers = {}, method = body === undefined ? 'GET' : 'POST' } = options;
    const sent = request(this.url + path, {
      agent: this.agent,
      method,
      headers: {
        Authorization: `Bearer ${this.firstToken}`,
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

  close(): void {
    this.agent.destroy();
  }
}
