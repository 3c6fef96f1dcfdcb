import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../config.js';
import { type Finding, ok, problem } from './finding.js';

/** How long, in ms, whoever listens may take to answer. */
const patience = 3000;

/** Whether the address is free, or Clientele answers there and can do its work. */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Finding> {
  if (port === 0) return ok('port', 'PORT 0 takes any that is free.');
  const url = `http://${authority(host, port)}`;
  if (await isClientele(url)) {
    return (await answers(`${url}/readyz`))
      ? ok('port', `Clientele runs at ${url} and is ready.`)
      : problem(
          'port',
          `Clientele runs at ${url} but is not ready: /readyz does not answer 200. Its log says why.`,
        );
  }
  const code = await tryToListen(host, port);
  const place = `HOST ${host}, PORT ${port}`;
  switch (code) {
    case null:
      return ok('port', `${place} is free.`);
    case 'EADDRINUSE':
      return problem(
        'port',
        `Another program listens on ${place}. End it, or set PORT to another number.`,
      );
    case 'EACCES':
      return problem('port', `This user may not listen on ${place}. Set PORT to 1024 or more.`);
    default:
      return problem(
        'port',
        `Nothing can listen on ${place} (${code}). HOST must be an address of this machine.`,
      );
  }
}

/** It answers with the id of the request, which hardly anything else does at this path. */
async function isClientele(url: string): Promise<boolean> {
  const requestId = randomUUID();
  const reply = await ask(`${url}/healthz`, { 'X-Request-Id': requestId });
  return reply?.ok === true && reply.headers.get('x-request-id') === requestId;
}

async function answers(url: string): Promise<boolean> {
  return (await ask(url))?.ok === true;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Response | null> {
  try {
    const signal = AbortSignal.timeout(patience);
    const reply = await fetch(url, { headers, signal, redirect: 'manual' });
    await reply.body?.cancel();
    return reply;
  } catch {
    return null;
  }
}

/** Why the address cannot be had; null when it can. */
async function tryToListen(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    server.close();
  }
}

/** Where one that listens on every address is found on this machine. */
function authority(host: string, port: number): string {
  const name = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}
