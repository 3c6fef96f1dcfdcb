import type { Logger } from 'pino';
import type { Config } from './config.js';
import { type FirstUse, prepareFirstUse } from './firstUse.js';
import { createAdmission } from './http/admission.js';
import { statuses } from './http/errors.js';
import { createExchanges } from './http/exchange.js';
import { listen } from './http/listen.js';
import { logRequest, type RequestReport } from './http/log.js';
import { isLoopback } from './http/loopback.js';
import { createApp, createRefusals, isNeverRefused } from './server.js';
import { createServices } from './services.js';
import { openStorage } from './storage/open.js';

export type RunningService = {
  /** Where it listens, as a URL without a path. */
  url: string;
  /** Whether GraphiQL is there. */
  graphiql: boolean;
  /** What was put into a database that was empty; null when it was in use. */
  firstUse: FirstUse | null;
  /** Finishes what was begun and lets go of the database. */
  stop(): Promise<void>;
};

/** How long, in ms, a stop waits for requests that were begun: less than process managers do. */
const stopDeadline = 8000;

/** Starts the service: database, migrations, server, first use. */
export async function start(config: Config, log: Logger): Promise<RunningService> {
  // Loaded only where they are wanted.
  const metrics = config.metricsToken
    ? (await import('./telemetry/metrics.js')).createMetrics()
    : null;
  const traces = config.tracing ? (await import('./telemetry/traces.js')).createTraces(log) : null;
  const storage = await openStorage({
    ...config,
    observer: { waiting: traces?.waiting, committed: metrics?.committed },
  });
  try {
    const services = createServices(storage, config);

    const ownMachine = !config.production && isLoopback(config.host);
    const graphiqlToken =
      config.graphiql && ownMachine ? services.access.issueForThisProcess() : null;
    const logged = logRequest(log);
    const report = metrics
      ? (request: RequestReport) => {
          logged(request);
          metrics.request(request);
        }
      : logged;
    const exchanges = createExchanges(log, report);
    const admission = createAdmission(config.concurrencyLimit, () => {
      storage.flush();
      exchanges.flush();
    });
    const app = createApp({
      config,
      services,
      exchanges,
      admission,
      graphiqlToken,
      ready: storage.ping,
      trace: traces?.middleware ?? null,
      metricsPage:
        config.metricsToken && metrics
          ? {
              token: config.metricsToken,
              contentType: metrics.contentType,
              render: async () => metrics.render(await storage.stats()),
            }
          : null,
    });
    const describeRefusal = createRefusals();
    const server = await listen(app, {
      ...config,
      refusal: (url) => (isNeverRefused(url) ? null : admission.refusal()),
      describe(error, path) {
        const description = describeRefusal(error, path);
        const { requestId } = description;
        report({ requestId, status: statuses[error.code], code: error.code });
        return description;
      },
    });

    // After nothing else can fail, for its token is shown but once.
    const firstUse = config.production
      ? null
      : await prepareFirstUse(services).catch(async (error) => {
          await server.close(0);
          throw error;
        });

    return {
      url: server.url,
      graphiql: config.graphiql,
      firstUse,
      async stop() {
        await server.close(stopDeadline);
        await storage.close();
        await traces?.stop();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
