import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { HttpEnv } from './context.js';

export type Listening = {
  /** Where it listens, as a URL without a path. */
  url: string;
  /**
   * Stops accepting, answers what was begun, and resolves when every connection is closed. Those
   * that are not done after `deadline` ms are cut off.
   */
  close(deadline: number): Promise<void>;
};

/** Serves the app. Rejects when the address cannot be had, with the system's error. */
export async function listen(
  app: Hono<HttpEnv>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  let closing = false;
  // A connection that is kept alive would otherwise go on asking, and be cut off in the end.
  server.prependListener('request', (_request, response) => {
    if (closing) response.setHeader('Connection', 'close');
  });

  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close(deadline) {
      closing = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), deadline);
      await closed;
      clearTimeout(cutOff);
    },
  };
}
