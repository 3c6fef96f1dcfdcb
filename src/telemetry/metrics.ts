import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestReport } from '../http/log.js';
import type { StorageStats } from '../storage/storage.js';

/** Buckets in s, from a read of one customer to what makes callers give up. */
const requestBuckets = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10],
];

/** In s, from an fsync of a fast disk to that of one that is in trouble. */
const commitBuckets = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** In writes; a batch has at most 1,000. */
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

type Operation = {
  face: string;
  name: string;
  durations: { observe(seconds: number): void };
  /** By status and code. */
  outcomes: Map<number, Map<string | undefined, { count: number }>>;
};

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The metrics of one service, in a registry of its own, named by
 * https://prometheus.io/docs/practices/naming. Every label has a bounded number of values: none is
 * taken from a request, but from the routes, the schema and the catalogue of errors.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  // By route, then by what is done there: the method, or the field of the schema.
  const operations = new Map<string | undefined, Map<string | undefined, Operation>>();
  const durations = new Histogram({
    name: 'clientele_http_request_duration_seconds',
    help: 'From when the head of a request was in until its answer was made.',
    labelNames: ['face', 'operation'],
    buckets: requestBuckets,
    registers,
  });
  new Counter({
    name: 'clientele_http_requests_total',
    help: 'Requests that were answered. The code is that of the error, or OK.',
    labelNames: ['face', 'operation', 'status', 'code'],
    registers,
    // Counted here and carried over when it is asked for: prom-client takes 0.5 us to count one.
    collect() {
      this.reset();
      for (const { face, name: operation, outcomes } of everyOperation()) {
        for (const [status, byCode] of outcomes) {
          for (const [code = 'OK', { count }] of byCode) {
            this.inc({ face, operation, status, code }, count);
          }
        }
      }
    },
  });
  const batches = new Histogram({
    name: 'clientele_commit_writes',
    help: 'Writes that shared a commit.',
    buckets: batchBuckets,
    registers,
  });
  const commits = new Histogram({
    name: 'clientele_commit_duration_seconds',
    help: 'How long the writes of a commit and the commit took.',
    buckets: commitBuckets,
    registers,
  });
  const queue = new Gauge({
    name: 'clientele_write_queue_depth',
    help: 'Writes that wait for their commit.',
    registers,
  });
  const size = new Gauge({
    name: 'clientele_database_size_bytes',
    help: 'The size of the database.',
    registers,
  });

  function everyOperation(): Operation[] {
    return [...operations.values()].flatMap((byAction) => [...byAction.values()]);
  }

  function operationOf({ route, method, operation }: RequestReport): Operation {
    const action = operation ?? method;
    const byAction = operations.get(route) ?? new Map<string | undefined, Operation>();
    operations.set(route, byAction);
    const face = faceOf(route);
    const name = face === 'graphql' ? (operation ?? 'unknown') : nameOf(route, method);
    const made = { face, name, durations: durations.labels(face, name), outcomes: new Map() };
    byAction.set(action, made);
    return made;
  }

  return {
    contentType: registry.contentType,

    /** Counts a request. */
    request(report: RequestReport): void {
      const { status, code, durationMs } = report;
      const operation = operations.get(report.route)?.get(report.operation ?? report.method);
      const { durations, outcomes } = operation ?? operationOf(report);
      if (durationMs !== undefined) durations.observe(durationMs / 1000);

      const outcome = outcomes.get(status)?.get(code);
      if (outcome) outcome.count++;
      else outcomes.set(status, (outcomes.get(status) ?? new Map()).set(code, { count: 1 }));
    },

    /** Counts a commit, its duration in ms. */
    committed(writes: number, duration: number): void {
      batches.observe(writes);
      commits.observe(duration / 1000);
    },

    /** All of it in Prometheus' text format. */
    render({ queuedWrites, databaseBytes }: StorageStats): Promise<string> {
      queue.set(queuedWrites);
      if (databaseBytes === null) size.remove();
      else size.set(databaseBytes);
      return registry.metrics();
    },
  };
}

function faceOf(route = ''): 'graphql' | 'rest' | 'other' {
  if (route === '/graphql') return 'graphql';
  return /^\/(?:api\/v1\/)?(?:customers|corporations)(?:\/|$)/.test(route) ? 'rest' : 'other';
}

/** A request that was refused unread has neither. */
function nameOf(route: string | undefined, method: string | undefined): string {
  return route === undefined ? 'unread' : `${method} ${route}`;
}
