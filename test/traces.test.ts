import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Serving, useFolder } from './support/command.js';
import { execute, storageKind, useDatabases } from './support/database.js';
import { createCustomer } from './support/faces.js';
import type { Json } from './support/service.js';

const folder = useFolder();
const newDatabase = useDatabases();

/** What an attribute or the like of OTLP's JSON holds. */
function plain(attributes: Json[]): Json {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0] as unknown]),
  );
}

/** A collector of traces that speaks OTLP over HTTP. */
class Collector {
  readonly paths: string[] = [];
  readonly bodies: string[] = [];
  /** Whether it leaves what it is sent unanswered. */
  silent = false;

  private constructor(private readonly server: Server) {
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      this.paths.push(request.url ?? '');
      this.bodies.push(body);
      if (!this.silent) response.setHeader('Content-Type', 'application/json').end('{}');
    });
  }

  static async start(): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get resources(): Json[] {
    return this.bodies.flatMap((body) => JSON.parse(body).resourceSpans);
  }

  /** Every span that has come in, with plain attributes. */
  get spans(): Json[] {
    return this.resources
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }: Json) => spans))
      .map((span) => ({ ...span, attributes: plain(span.attributes) }));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** As OTLP numbers the kinds and the states of spans. */
const server = 2;
const error = 2;

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpanId = 'b7ad6b7169203331';

/** Starts a server that has nothing set but what is given. */
async function serve(environment: Record<string, string>) {
  const url = await newDatabase();
  const serving = await Serving.start({ DATABASE_URL: url, ...environment });
  const [token = ''] = /clientele_[0-9a-f]{48}/.exec(serving.output) ?? [];
  const send = async (to: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(serving.url + to, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    });
    return (await response.json()) as Json;
  };
  return { url, serving, token, send };
}

describe('the traces of a server', () => {
  let collector: Collector;
  let secrets: (RegExp | string)[];
  const named = (name: string) => collector.spans.find((span) => span.name === name);

  beforeAll(async () => {
    collector = await Collector.start();
    const { url, serving, token, send } = await serve({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    const traceparent = (flags: string) => `00-${traceId}-${callerSpanId}-${flags}`;
    await send('/corporations', undefined, { traceparent: traceparent('01') });
    await send('/corporations/corp_123', undefined, { traceparent: traceparent('00') });
    await send('/healthz', undefined, { traceparent: 'nonsense' });

    const { id } = await send('/customers', {
      corporation_id: 'corp_123',
      name: 'Zanary',
      email: 'zanary@example.com',
    });
    const input = { corporationId: 'corp_123', name: 'Zanary' };
    await send('/graphql', { query: createCustomer, variables: { input } });
    await send('/customers?corporation_id=corp_123&name=zanary');
    await send(`/zanary/${id}?zanary=1`, undefined, { 'User-Agent': 'zanary', zanary: 'zanary' });

    await execute(url, 'alter table customers rename to mislaid');
    await send(`/customers/${id}`);
    expect(await serving.stop()).toBe(0);
    secrets = [/zanary/i, token, id];
  });
  afterAll(() => collector.stop());

  test('have a span for each request', () => {
    expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
    expect(named('POST /customers')).toMatchObject({
      kind: server,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/customers',
        'http.response.status_code': 201,
        'url.scheme': 'http',
        'network.protocol.version': '1.1',
      },
    });
    expect(named('POST /customers')).not.toHaveProperty('parentSpanId');
    expect(named('POST /graphql')).toMatchObject({
      attributes: {
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'clientele.operation': 'createCustomer',
      },
    });
  });

  test('have a span within that of a write for the wait for its commit', () => {
    const creates = [named('POST /customers'), named('POST /graphql')];
    for (const create of creates) {
      const commit = collector.spans.find(({ parentSpanId }) => parentSpanId === create?.spanId);
      expect(commit).toMatchObject({ name: 'commit', traceId: create?.traceId });
      const times = [
        create?.startTimeUnixNano,
        commit?.startTimeUnixNano,
        commit?.endTimeUnixNano,
        create?.endTimeUnixNano,
      ].map(BigInt);
      // Each has its start from a clock of whole ms.
      for (const [n, time] of times.slice(1).entries()) {
        expect(Number(time - (times[n] ?? 0n))).toBeGreaterThan(-1e6);
      }
    }
    expect(collector.spans.filter(({ name }) => name === 'commit')).toHaveLength(creates.length);
  });

  test('go on from the caller, who also decides whether there is one', () => {
    expect(named('GET /corporations')).toMatchObject({ traceId, parentSpanId: callerSpanId });
    expect(named('GET /corporations/:id')).toBeUndefined();
    expect(named('GET /healthz')).not.toHaveProperty('parentSpanId');
  });

  test('name what is our fault as an error, and what is the caller’s not', () => {
    expect(named('GET /customers/:id')).toMatchObject({
      status: { code: error },
      attributes: { 'http.response.status_code': 500, 'error.type': 'INTERNAL' },
    });
    const notThere = named('GET /*');
    expect(notThere).toMatchObject({ status: { code: 0 } });
    expect(notThere?.attributes).toMatchObject({
      'http.response.status_code': 404,
      'clientele.code': 'NOT_FOUND',
    });
    expect(notThere?.attributes).not.toHaveProperty('error.type');
  });

  test('hold nothing of a customer, and no token', () => {
    expect(named('GET /customers')).toBeDefined();
    for (const secret of secrets) expect(collector.bodies.join()).not.toMatch(secret);
  });

  test('are of the service clientele', () => {
    const [{ resource }] = collector.resources as [Json];
    expect(plain(resource.attributes)).toMatchObject({ 'service.name': 'clientele' });
  });
});

describe('the standard variables', () => {
  let collector: Collector;
  beforeEach(async () => {
    collector = await Collector.start();
  });
  afterEach(() => collector.stop());

  test('say what the service is called, and where its traces go', async () => {
    const { serving, send } = await serve({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/in`,
      OTEL_SERVICE_NAME: 'customers',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await send('/healthz');
    await serving.stop();
    expect(collector.paths).toEqual(['/in']);
    const [{ resource }] = collector.resources as [Json];
    expect(plain(resource.attributes)).toMatchObject({
      'service.name': 'customers',
      'deployment.environment.name': 'test',
    });
  });

  test('say which requests are traced', async () => {
    const { serving, send } = await serve({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    await send('/healthz');
    await send('/readyz', undefined, { traceparent: `00-${traceId}-${callerSpanId}-01` });
    await serving.stop();
    expect(collector.spans.map(({ name }) => name)).toEqual(['GET /readyz']);
  });
});

describe('a collector', () => {
  test('that does not answer holds up no stop', async () => {
    const collector = await Collector.start();
    collector.silent = true;
    const { serving, send } = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await send('/healthz');
    const startedAt = performance.now();
    expect(await serving.stop()).toBe(0);
    // The exporter itself would wait for 10 s.
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(collector.bodies).toHaveLength(1);
    expect(serving.output).toContain('"msg":"traces not sent"');
    collector.stop();
  });

  test('that is not there is told of in the log', async () => {
    const collector = await Collector.start();
    const { url } = collector;
    collector.stop();
    const { serving, send } = await serve({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    });
    expect(await send('/healthz')).toEqual({ status: 'ok' });
    await serving.stop();
    expect(serving.output).toContain('ECONNREFUSED');
  });
});

describe('what is not asked for is not loaded', () => {
  /** Every file that is in what the process has run: V8 tells when it ends, and the bundle has source maps. */
  async function loaded(environment: Record<string, string>): Promise<string> {
    const coverage = mkdtempSync(join(folder, 'coverage-'));
    const serving = await Serving.start({
      DATABASE_URL: await newDatabase(),
      NODE_V8_COVERAGE: coverage,
      ...environment,
    });
    await fetch(`${serving.url}/healthz`);
    await serving.stop();
    const [file = ''] = readdirSync(coverage);
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8'));
    return result
      .map(({ url }: Json) => `${url}.map`)
      .filter((url: string) => url.startsWith('file:') && existsSync(new URL(url)))
      .flatMap((url: string) => JSON.parse(readFileSync(new URL(url), 'utf8')).sources)
      .join('\n');
  }

  test('OpenTelemetry without an endpoint, prom-client without a METRICS_TOKEN', async () => {
    const files = await loaded({});
    expect(files).toContain('/node_modules/hono/');
    expect(files).not.toContain('@opentelemetry');
    expect(files).not.toContain('prom-client');
    expect(files.includes('/node_modules/postgres/')).toBe(storageKind === 'postgres');
  });

  test('OpenTelemetry when OTEL_SDK_DISABLED', async () => {
    const collector = await Collector.start();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const [enabled, disabled] = await Promise.all([
      loaded(environment),
      loaded({ ...environment, OTEL_SDK_DISABLED: 'true' }),
    ]);
    expect(enabled).toContain('@opentelemetry/sdk-trace-base');
    expect(disabled).not.toContain('@opentelemetry');
    collector.stop();
  });

  test('the SDK of OpenTelemetry for metrics', async () => {
    const files = await loaded({ METRICS_TOKEN: 'a-token-for-prometheus' });
    expect(files).toContain('prom-client');
    expect(files).not.toMatch(/@opentelemetry\/(?!api\/)/);
  });
});
