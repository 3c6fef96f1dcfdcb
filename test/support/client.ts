export type Json = Record<string, any>;
export type Reply = { status: number; headers: Headers; body: any };
export type SendOptions = {
  token?: string | null;
  headers?: Record<string, string>;
  method?: string;
};

/** Speaks HTTP to a service, wherever it runs. */
export abstract class Client {
  /** Where it listens, as a URL without a path. */
  abstract readonly url: string;

  /** The token that the first start made; it may do everything. */
  firstToken = '';

  async send(path: string, body: BodyInit | undefined, options: SendOptions = {}): Promise<Reply> {
    const { token = this.firstToken, headers = {}, method } = options;
    const response = await fetch(this.url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
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
      body: isJson ? JSON.parse(text) : text,
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
