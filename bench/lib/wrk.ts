import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScript } from './paths.js';
import { run } from './processes.js';

/** A request as load sends it: each `{n}` in the body becomes a text that no other request has. */
export type LoadRequest = { path: string; body?: string };

export type Load = {
  url: string;
  method: 'GET' | 'POST';
  token: string;
  /** Sent in turn, over and over. */
  requests: readonly LoadRequest[];
  connections: number;
  seconds: number;
  /** Where the file of the requests may be put. */
  folder: string;
};

export type LoadResult = {
  /** Requests that were answered; the times are 0 where none was. */
  requests: number;
  perSecond: number;
  /** In ms. */
  p50: number;
  p99: number;
};

/** How long, in seconds, an answer may take. */
const timeout = 60;

let runs = 0;

export function isWrkInstalled(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined;
}

/**
 * Puts load on a server from a process of its own. Throws when anything was answered with an error
 * or not at all.
 */
export async function load(options: Load): Promise<LoadResult> {
  const { url, method, token, requests, connections, seconds, folder } = options;
  runs++;
  const file = join(folder, `load-${runs}.txt`);
  writeFileSync(file, requests.map(({ path, body = '' }) => `${path}\t${body}\n`).join(''));

  const output = await run('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    `--timeout=${timeout}s`,
    `-s${loadScript}`,
    url,
    '--',
    method,
    token,
    file,
    uniqueTo(runs),
  ]);
  const found = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
    requests: number;
    microseconds: number;
    p50: number;
    p99: number;
    refused: number;
    socketErrors: number;
  };
  if (found.refused > 0 || found.socketErrors > 0) {
    const { refused, socketErrors } = found;
    throw new Error(`${url}: ${refused} requests refused, ${socketErrors} not answered.`);
  }
  return {
    requests: found.requests,
    perSecond: found.requests / (found.microseconds / 1e6),
    p50: found.p50 / 1000,
    p99: found.p99 / 1000,
  };
}

function uniqueTo(run: number): string {
  return `ext_${process.pid.toString(36)}_${run.toString(36)}_`;
}
