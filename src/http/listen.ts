import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { HttpEnv } from './context.js';

/** How often, in ms, connections that have become idle are closed while the server stops. */
const sweepInterval = 100;

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
  // Node's own way to close idle connections cuts off what is answered but not yet sent, and leaves
  // those on which nothing was asked.
  const connections = new Map<Socket, { asked: number }>();
  server.on('connection', (socket: Socket) => {
    connections.set(socket, { asked: 0 });
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const connection = connections.get(socket);
    if (!connection) return;
    connection.asked++;
    response.once('close', () => connection.asked--);
    if (closing) response.setHeader('Connection', 'close');
  });
  const closeIdle = () => {
    for (const [socket, { asked }] of connections) {
      if (asked > 0) continue;
      // Told once: it waits by itself until what was answered is sent.
      connections.delete(socket);
      socket.destroySoon();
    }
  };

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
      // Not http.Server's close, which would close idle connections its own way.
      NetServer.prototype.close.call(server);
      // What was sent before the stop may be still on its way in, so idle ones stay a moment; each
      // other becomes idle with its last answer.
      const sweep = setInterval(closeIdle, sweepInterval);
      const cutOff = setTimeout(() => server.closeAllConnections(), deadline);
      await closed;
      clearInterval(sweep);
      clearTimeout(cutOff);
    },
  };
}
