import { expect } from 'vitest';
import { type OneShotClient, Refused, Unanswered } from '../durability/client.js';
import { Client, type Reply, type SendOptions } from '../support/client.js';

/** How a process and a face of it fared. */
export type Fared = { answered: number; refused: number; lastAnswer: number };

/**
 * Calls several processes in turn. What is answered UNAVAILABLE is `Refused`, OUTCOME_UNKNOWN is
 * `Unanswered`, as the ledger has it; to break off a connection, and to know no better than to call it
 * a fault of its own, no process has any reason.
 */
export class Processes extends Client {
  readonly url = '';
  readonly fared = new Map<string, Fared>();
  private readonly clients: OneShotClient[] = [];
  private turn = 0;

  add(client: OneShotClient): void {
    this.clients.push(client);
  }

  /** Calls it no more; what it was asked is still to be answered. */
  remove(client: OneShotClient): void {
    this.clients.splice(this.clients.indexOf(client), 1);
  }

  override async send(path: string, body: string, options: SendOptions = {}): Promise<Reply> {
    const client = this.clients[this.turn++ % this.clients.length] as OneShotClient;
    const reply = await client.send(path, body, options).catch((cause) => {
      throw cause instanceof Unanswered
        ? new Error(`A process broke off: ${cause.message}`, { cause })
        : cause;
    });
    const fared = this.faredOf(client.url, path);
    const codes: string[] =
      path === '/graphql'
        ? (reply.body.errors ?? []).map((error: any) => error.extensions.code)
        : [reply.body.code];
    const unknown = codes.includes('OUTCOME_UNKNOWN');
    if (unknown || codes.includes('UNAVAILABLE')) {
      fared.refused++;
      if (path !== '/graphql') {
        expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
      }
      throw unknown ? new Unanswered('OUTCOME_UNKNOWN') : new Refused('UNAVAILABLE');
    }
    if (reply.status >= 500 || codes.includes('INTERNAL')) {
      throw new Error(`${path} was answered ${reply.status} ${JSON.stringify(reply.body)}`);
    }
    fared.answered++;
    fared.lastAnswer = performance.now();
    return reply;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  private faredOf(url: string, path: string): Fared {
    const name = `${path === '/graphql' ? 'GraphQL' : 'REST'} of ${url}`;
    const fared = this.fared.get(name) ?? { answered: 0, refused: 0, lastAnswer: 0 };
    this.fared.set(name, fared);
    return fared;
  }
}
