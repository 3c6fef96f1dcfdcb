import { checkExchange } from './contract/contract.js';

export type Json = Record<string, any>;
export type Reply = { status: number; headers: Headers; body: any };
export type SendOptions = {
  token?: string | null;
  headers?: Record<string, string>;
  method?: string;
};

/** Speaks HTTP to a service, wherever it runs, and holds it to its own OpenAPI document. */
export abstract class Client {
  /** Where it listens, as a URL without a path. */
  abstract readonly url: string;

  /** The token that the first start made; it may do everything. */
  firstToken = '';

  async send(path: string, body: BodyInit | undefined, options: SendOptions = {}): Promise<Reply> {
    const { headers = {}, method = body === undefined ? 'GET' : 'POST' } = options;
    const reply = await this.exchange(path, body, { ...options, method });
    checkExchange({ method, path, headers, json: parsed(body) }, reply);
    return reply;
  }

  protected async exchange(
    path: string,
    body: BodyInit | undefined,
    { token = this.firstToken, headers = {}, method = 'GET' }: SendOptions,
  ): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      // A reply to HEAD is of a type, and empty.
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
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
}

/** What was sent as JSON; undefined when it was none. */
function parsed(body: BodyInit | undefined): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}
