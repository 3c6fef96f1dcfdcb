import { program } from './paths.js';
import { run } from './processes.js';
import type { LoadRequest } from './wrk.js';

type Times = { count: number; p50: number; p99: number; max: number };

/** Answers by what they said, their times in ms from when the request was due. */
export type PacedResult = {
  /** Those that were answered 2xx. */
  requests: number;
  /** Answered 2xx. */
  taken: Times;
  /** Answered 503. */
  refused: Times;
  /** `/healthz`, beside the load. */
  heartbeats: Times;
};

let runs = 0;

/**
 * Sends requests at a steady rate, from a process of its own, whatever becomes of them. Throws when
 * one is answered with another error than 503, or not at all.
 */
export async function paced(options: {
  url: string;
  token: string;
  request: LoadRequest;
  /** Requests a second. */
  rate: number;
  connections: number;
  seconds: number;
}): Promise<PacedResult> {
  const { url, token, request, rate, connections, seconds } = options;
  runs++;
  const output = await run(process.execPath, [
    program('load/pace.js'),
    ...[url, request.path, token, request.body ?? ''],
    ...[rate, connections, seconds].map(String),
    `ext_paced_${process.pid.toString(36)}_${runs.toString(36)}_`,
  ]);
  const { others, unanswered, ...result } = JSON.parse(output) as Omit<PacedResult, 'requests'> & {
    others: number;
    unanswered: number;
  };
  if (others > 0 || unanswered > 0) {
    throw new Error(`${url}: ${others} answered otherwise than 503, ${unanswered} not at all.`);
  }
  return { requests: result.taken.count, ...result };
}
