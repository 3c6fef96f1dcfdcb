import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { HttpEnv } from './context.js';

/** How often, in ms, connections that have become idle are closed while the server stops. */
const sweepInterval = 20;

export type Listening = {
  /** Where it listens, as a URL without a path. */
  url: string;
  /**
   * Stops accepting, answers what was begun, and resolves when every connection is closed. Those
   * that are not done after `deadline` ms are cut off.
   */
  close(deadline: number): Promise<void>;
};

/** The address cannot be had; the message says which, and why. */
export class ListenError extends Error {}

/** Serves the app. Rejects with `ListenError` when the address cannot be had. */
export async function listen(
  app: Hono<HttpEnv>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  let closing = false;
  // Connections on which nothing was asked yet, which Node does not count as idle.
  const unused = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.prependListener('request', (request, response) => {
    unused.delete(request.socket);
    if (closing) response.setHeader('Connection', 'close');
  });

  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ListenError(
      `Cannot serve on HOST ${host}, PORT ${port}: ${reason}. Is it free, and of this machine?`,
      {
        cause: error,
      },
    );
  }
  const address = server.address() as AddressInfo;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close(deadline) {
      closing = true;
      const closed = once(server, 'close');
      server.close();
      for (const socket of unused) socket.destroy();
      // Each connection becomes idle with its last answer, and would be kept alive after that.
      const sweep = setInterval(() => server.closeIdleConnections(), sweepInterval);
      const cutOff = setTimeout(() => server.closeAllConnections(), deadline);
      await closed;
      clearInterval(sweep);
      clearTimeout(cutOff);
    },
  };
}
