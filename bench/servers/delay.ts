import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { announce, anyPort } from './shared/listening.js';

/**
 * A network that is slower than this machine's own: what arrives for a server (HOST, PORT), and what
 * that answers, is handed on after DELAY ms. A timer may be late by as much as a ms. Over HTTP it tells
 * the port that it stands at and how many round trips there were: so often was something sent on a
 * connection on which nothing else was under way.
 */
const { HOST = '', PORT, DELAY } = process.env;
const delay = Number(DELAY);
let roundTrips = 0;

const proxy = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const server = connect({
    ...{ host: HOST, port: Number(PORT), noDelay: true, allowHalfOpen: true },
  });
  let underWay = false;
  client.on('data', () => {
    if (!underWay) roundTrips++;
    underWay = true;
  });
  server.on('data', () => {
    underWay = false;
  });
  handOn(client, server);
  handOn(server, client);
});
proxy.listen(anyPort, () => {
  const { port } = proxy.address() as AddressInfo;
  const told = createHttpServer((_request, response) => {
    response.end(JSON.stringify({ port, roundTrips }));
  });
  told.listen(anyPort, () => announce(told.address() as AddressInfo));
});

/** Timers of one length go off in their order, so the bytes keep theirs. */
function handOn(from: Socket, to: Socket): void {
  from.on('data', (data) => setTimeout(() => to.write(data), delay));
  from.on('end', () => setTimeout(() => to.end(), delay));
  from.on('error', () => to.destroy());
}
