import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { announce, anyPort } from './shared/listening.js';

/**
 * A network that is slower than this machine's own: what arrives for a server (HOST, PORT), and what
 * that answers, is handed on after DELAY ms. A timer may be late by as much as a ms.
 */
const { HOST = '', PORT, DELAY } = process.env;
const delay = Number(DELAY);

const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const target = connect({
    ...{ host: HOST, port: Number(PORT), noDelay: true, allowHalfOpen: true },
  });
  handOn(client, target);
  handOn(target, client);
});
server.listen(anyPort, () => announce(server.address() as AddressInfo));

/** Timers of one length go off in their order, so the bytes keep theirs. */
function handOn(from: Socket, to: Socket): void {
  from.on('data', (data) => setTimeout(() => to.write(data), delay));
  from.on('end', () => setTimeout(() => to.end(), delay));
  from.on('error', () => to.destroy());
}
