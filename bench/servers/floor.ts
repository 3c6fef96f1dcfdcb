import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce, anyPort } from './shared/listening.js';

/**
 * Reads the body and answers a constant, the one that it was given for the method and the path:
 * what Node's own HTTP costs, before anything is done.
 */

const answers = new Map(
  Object.entries(JSON.parse(readFileSync(process.env.ANSWERS ?? '', 'utf8'))).map(
    ([request, text]) => [request, Buffer.from(String(text))],
  ),
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks).toString();
    const answer = answers.get(`${request.method} ${request.url}`) ?? answers.get('other');
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': answer?.length ?? 0,
    });
    response.end(answer);
  });
});
server.listen(anyPort, () => announce(server.address() as AddressInfo));
