import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.js';

test('without any setting', () => {
  expect(readConfig({})).toEqual({
    host: '127.0.0.1',
    port: 4000,
    databasePath: 'data/clientele.db',
    logLevel: 'info',
    graphiql: true,
    corsOrigins: [],
    bodyLimit: 1_048_576,
    headerLimit: 16_384,
    jsonDepthLimit: 32,
    requestTimeout: 30_000,
    idleTimeout: 65_000,
    connectionLimit: 10_000,
    concurrencyLimit: 250,
    rateLimit: 120_000,
    pageLimit: 100,
    bulkLimit: 500,
    writeQueueLimit: 10_000,
    graphqlLimits: { tokens: 2000, depth: 12, aliases: 50, directives: 50, cost: 25_000 },
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

describe('DATABASE_URL', () => {
  test.each([
    [':memory:', ':memory:'],
    ['clientele.db', 'clientele.db'],
    ['/var/lib/clientele.db', '/var/lib/clientele.db'],
    ['file:data/clientele.db', 'data/clientele.db'],
    ['file:/var/lib/clientele.db', '/var/lib/clientele.db'],
    ['file:/var/lib/my%20customers.db', '/var/lib/my customers.db'],
    ['file:///var/lib/my%20customers.db', '/var/lib/my customers.db'],
  ])('%s names %s', (url, path) => {
    expect(readConfig({ DATABASE_URL: url }).databasePath).toBe(path);
  });

  test.each([
    'postgres://localhost/x',
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
  [{ REQUEST_TIMEOUT: '30' }, 'REQUEST_TIMEOUT'],
  [{ REQUEST_TIMEOUT: '0s' }, 'REQUEST_TIMEOUT'],
  [{ IDLE_TIMEOUT: '2h' }, 'IDLE_TIMEOUT'],
  [{ RATE_LIMIT: 'none' }, 'RATE_LIMIT'],
  [{ RATE_LIMIT: '0' }, 'RATE_LIMIT'],
  [{ GRAPHQL_COST_LIMIT: '1' }, 'GRAPHQL_COST_LIMIT'],
  [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS'],
])('%j is refused, naming the setting', (environment, name) => {
  expect(() => readConfig(environment)).toThrow(new RegExp(`^ {2}${name}: must be `, 'm'));
});
