import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { HttpEnv } from '../http/hono.js';

/** How long, in ms, a stop waits for the collector to take what is left. */
const flushDeadline = 1000;

/** Codes of errors that are the server's, whatever the status that GraphQL has for them. */
const ofServer = new Set<string | undefined>(['INTERNAL', 'UNAVAILABLE', 'OUTCOME_UNKNOWN']);

export type Traces = ReturnType<typeof createTraces>;

/**
 * Traces over OTLP/HTTP, set by the environment variables of OpenTelemetry
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables), which its SDK
 * reads. Nothing is registered for the whole process but where the SDK reports its own troubles.
 */
export function createTraces(log: Logger) {
  const warn = (message: string) => log.warn({ reason: reasonIn(message) }, 'tracing');
  const silent = () => {};
  diag.setLogger(
    { error: warn, warn, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'clientele' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('clientele');
  const propagator = new W3CTraceContextPropagator();
  const ofRequest = new AsyncLocalStorage<Context>();

  return {
    /**
     * A span for each request, by https://opentelemetry.io/docs/specs/semconv/http/http-spans, under
     * that of the caller. It has no `url.path` and no `url.query`, which may hold what a customer is
     * known by, nor the address of the caller.
     */
    middleware: createMiddleware<HttpEnv>(async (c, next) => {
      const { incoming } = c.env;
      const { method } = c.req;
      const parent = propagator.extract(ROOT_CONTEXT, incoming.headers, defaultTextMapGetter);
      const span = tracer.startSpan(
        method,
        {
          kind: SpanKind.SERVER,
          attributes: {
            'http.request.method': method,
            'url.scheme': 'http',
            'network.protocol.version': incoming.httpVersion,
          },
        },
        parent,
      );
      await ofRequest.run(trace.setSpan(parent, span), next);

      const { status } = c.res;
      const { route = routePath(c, -1), operation, code } = c.get('exchange');
      span.updateName(`${method} ${route}`);
      span.setAttribute('http.route', route);
      span.setAttribute('http.response.status_code', status);
      if (operation !== undefined) span.setAttribute('clientele.operation', operation);
      if (code !== undefined) span.setAttribute('clientele.code', code);
      // By the conventions what the caller did wrong is no error of the server.
      if (status >= 500 || ofServer.has(code)) {
        span.setAttribute('error.type', code ?? String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    }),

    /** Begins a span for the wait of a write for its commit; what it returns ends it. */
    waiting(): () => void {
      const parent = ofRequest.getStore();
      if (!parent || !trace.getSpan(parent)?.isRecording()) return silent;
      const span = tracer.startSpan('commit', {}, parent);
      return () => span.end();
    },

    /** Sends what is left, for at most `flushDeadline`. */
    async stop(): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const error = new Error(`The collector did not answer within ${flushDeadline} ms.`);
        timer = setTimeout(() => reject(error), flushDeadline);
      });
      await Promise.race([provider.shutdown(), late]).catch((error: unknown) => {
        log.warn({ err: error }, 'traces not sent');
      });
      clearTimeout(timer);
    },
  };
}

/** What the SDK reports: an error as JSON, with its stack, or a sentence. */
function reasonIn(report: string): string {
  try {
    const { message } = JSON.parse(report) as { message?: unknown };
    return typeof message === 'string' ? message : report;
  } catch {
    return report;
  }
}
