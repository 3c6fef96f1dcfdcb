import type { Logger } from 'pino';

/** What was asked and how it went, and nothing of what was in it: every value is one of ours. */
export type RequestReport = {
  requestId: string;
  /** Not known of a request that was refused unread, nor is `route`. */
  method?: string;
  /** The pattern, since the path itself may hold what a customer is known by. */
  route?: string;
  status: number;
  /** The field of the schema that a GraphQL request asked for; see `nameOf` in graphql/operation.ts. */
  operation?: string | undefined;
  /** Which error it was answered with; undefined for none. */
  code?: string | undefined;
  /** From when its head was in until its answer was made, in ms; not known if it was refused unread. */
  durationMs?: number;
};

export type ReportRequest = (report: RequestReport) => void;

/** How often, in ms, those refused for overload are logged. */
const overloadInterval = 1000;

/**
 * Logs one line for each request; those refused unread because there is too much to do have one
 * together each second, with their number, for a line of their own takes longer than the refusal.
 */
export function logRequest(log: Logger): ReportRequest {
  let refused = 0;
  const logRefused = () => {
    log.warn({ refused, code: 'UNAVAILABLE' }, 'overloaded');
    refused = 0;
  };
  return (report) => {
    if (report.method === undefined && report.code === 'UNAVAILABLE') {
      if (refused++ === 0) setTimeout(logRefused, overloadInterval).unref();
      return;
    }
    log[report.status >= 500 ? 'error' : 'info'](report, 'request');
  };
}
