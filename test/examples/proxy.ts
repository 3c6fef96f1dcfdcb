import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What may happen to a request between a client and the service. */
export type Interference = {
  /** Runs before the request is passed on. */
  before?: (body: string) => Promise<unknown>;
  /** Whether the answer gets lost, and the connection with it. */
  losesAnswer?: (body: string) => boolean;
};

/** Passes requests on to a service, and their answers back, with interference. */
export async function startProxy(target: string, { before, losesAnswer }: Interference) {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    await before?.(body);
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'POST',
      headers: {
        Authorization: String(request.headers.authorization),
        'Content-Type': String(request.headers['content-type']),
      },
      body,
    });
    const answered = await answer.text();
    if (losesAnswer?.(body)) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, {
      'Content-Type': String(answer.headers.get('content-type')),
    });
    response.end(answered);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
