import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';
import { nameOf } from '../src/storage/database.js';

test('without any setting', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    database: { kind: 'sqlite', path: 'data/clientele.db' },
    logLevel: 'info',
    graphiql: true,
    corsOrigins: [],
    bodyLimit: 1_048_576,
    headerLimit: 16_384,
    jsonDepthLimit: 32,
    requestTimeout: 30_000,
    idleTimeout: 65_000,
    connectionLimit: 10_000,
    concurrencyLimit: 120,
    rateLimit: 120_000,
    pageLimit: 100,
    bulkLimit: 500,
    writeQueueLimit: 10_000,
    graphqlLimits: { tokens: 2000, depth: 12, aliases: 50, directives: 50, cost: 75_000 },
    metricsToken: null,
    tracing: false,
    production: false,
  });
});

test('an empty setting is one that was left out', () => {
  expect(readConfig({ PORT: '', CORS_ORIGINS: ' ' })).toEqual(readConfig({}));
});

test('GraphiQL is off in production unless told', () => {
  expect(readConfig({ NODE_ENV: 'production' }).graphiql).toBe(false);
  expect(readConfig({ NODE_ENV: 'Production' }).graphiql).toBe(false);
  expect(readConfig({ NODE_ENV: 'production', GRAPHIQL: 'on' }).graphiql).toBe(true);
  expect(readConfig({ GRAPHIQL: 'off' }).graphiql).toBe(false);
});

test('a METRICS_TOKEN that makes no sense is not shown', () => {
  expect(() => readConfig({ METRICS_TOKEN: 'secret' })).not.toThrow(/secret/);
});

test('traces are sent where a collector is named, unless the SDK is disabled', () => {
  const url = 'http://127.0.0.1:4318';
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: url }).tracing).toBe(true);
  expect(readConfig({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url }).tracing).toBe(true);
  expect(readConfig({ OTEL_SERVICE_NAME: 'customers' }).tracing).toBe(false);
  const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'True' };
  expect(readConfig(disabled).tracing).toBe(false);
});

describe('DATABASE_URL', () => {
  test.each([
    [':memory:', ':memory:'],
    ['clientele.db', 'clientele.db'],
    ['/var/lib/clientele.db', '/var/lib/clientele.db'],
    ['file:data/clientele.db', 'data/clientele.db'],
    ['sqlite:data/clientele.db', 'data/clientele.db'],
    ['sqlite:///var/lib/my%20customers.db', '/var/lib/my customers.db'],
    ['file:/var/lib/clientele.db', '/var/lib/clientele.db'],
    ['file:/var/lib/my%20customers.db', '/var/lib/my customers.db'],
    ['file:///var/lib/my%20customers.db', '/var/lib/my customers.db'],
  ])('%s names %s', (url, path) => {
    expect(readConfig({ DATABASE_URL: url }).database).toEqual({ kind: 'sqlite', path });
  });

  test.each([
    ['postgres://db.example/crm', { servers: [{ host: 'db.example', port: 5432 }], name: 'crm' }],
    [
      'postgresql://app:p%40ss:w@one:6432,two,[::1]:7000/crm?sslmode=verify-full&connection_limit=25',
      {
        servers: [
          { host: 'one', port: 6432 },
          { host: 'two', port: 5432 },
          { host: '::1', port: 7000 },
        ],
        user: 'app',
        password: 'p@ss:w',
        ssl: 'verify-full',
        connectionLimit: 25,
      },
    ],
    [
      'POSTGRES://127.0.0.1?application_name=crm&target_session_attrs=read-write',
      { name: null, user: null, password: null, ssl: 'prefer', applicationName: 'crm' },
    ],
  ])('%s names a database of PostgreSQL', (url, expected) => {
    expect(readConfig({ DATABASE_URL: url }).database).toMatchObject({
      kind: 'postgres',
      connectionLimit: 10,
      ...expected,
    });
  });

  test('of PostgreSQL is named without its password', () => {
    const { database } = readConfig({ DATABASE_URL: 'postgres://app:secret@one,[::1]:7000/crm' });
    expect(nameOf(database)).toBe('postgres://one:5432,[::1]:7000/crm');
  });

  test('a password that is not encoded is not repeated, and how it is to be is told', () => {
    const read = () => readConfig({ DATABASE_URL: 'postgres://app:s3cr3t/pw@one/crm' });
    expect(read).toThrow(/percent-encoding/);
    expect(read).not.toThrow(/s3cr3t/);
  });

  test.each([
    'postgres://',
    'postgres:crm',
    'postgres:///crm',
    'postgres://one:70000/crm',
    'postgres://one, two/crm',
    'postgres://%zz@one/crm',
    'postgres://one/crm?sslmode=maybe',
    'postgres://one/crm?connection_limit=1',
    'postgres://one/crm?target_session_attrs=standby',
    'postgres://one/crm?host=/tmp',
    'postgres://one/crm#x',
    'mysql://localhost/x',
    'file:',
    'file:x.db?mode=ro',
    'file://host/x',
  ])('%s is refused', (url) => {
    expect(() => readConfig({ DATABASE_URL: url })).toThrow(ConfigError);
  });
});

test.each([
  [{ PORT: '-1' }, 'PORT'],
  [{ PORT: '1.5' }, 'PORT'],
  [{ PORT: '65536' }, 'PORT'],
  [{ PORT: 'http' }, 'PORT'],
  [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  [{ NODE_ENV: 'prod' }, 'NODE_ENV'],
  [{ REQUEST_TIMEOUT: '30' }, 'REQUEST_TIMEOUT'],
  [{ REQUEST_TIMEOUT: '0s' }, 'REQUEST_TIMEOUT'],
  [{ IDLE_TIMEOUT: '2h' }, 'IDLE_TIMEOUT'],
  [{ RATE_LIMIT: 'none' }, 'RATE_LIMIT'],
  [{ RATE_LIMIT: '0' }, 'RATE_LIMIT'],
  [{ GRAPHQL_COST_LIMIT: '1' }, 'GRAPHQL_COST_LIMIT'],
  [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS'],
  [{ METRICS_TOKEN: 'too-short' }, 'METRICS_TOKEN'],
  [{ METRICS_TOKEN: 'long enough, but not one word' }, 'METRICS_TOKEN'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '/v1' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL'],
  [{ OTEL_SDK_DISABLED: 'maybe' }, 'OTEL_SDK_DISABLED'],
  [{ OTEL_TRACES_SAMPLER: 'sometimes' }, 'OTEL_TRACES_SAMPLER'],
  [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
])('%j is refused, naming the setting', (environment, name) => {
  expect(() => readConfig(environment)).toThrow(new RegExp(`^ {2}${name}: must be `, 'm'));
});
