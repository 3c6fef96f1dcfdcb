import ms, { type StringValue } from 'ms';
import { z } from 'zod';
import { defaultBulkLimit } from './customers/input.js';
import { OperationalError } from './errors.js';
import { defaultPageLimit } from './paging.js';
import type { Database } from './storage/database.js';
import { DatabaseUrlError, parseDatabaseUrl } from './storage/databaseUrl.js';

/** The settings, each from the environment variable named beside it. */
export type Config = Readonly<{
  /** HOST */
  host: string;
  /** PORT; 0 takes any that is free. */
  port: number;
  /** DATABASE_URL */
  database: Database;
  /** LOG_LEVEL */
  logLevel: (typeof logLevels)[number];
  /** GRAPHIQL */
  graphiql: boolean;
  /** CORS_ORIGINS */
  corsOrigins: readonly string[];
  /** BODY_LIMIT, in bytes. */
  bodyLimit: number;
  /** HEADER_LIMIT: all headers of a request together with its first line, in bytes. */
  headerLimit: number;
  /** JSON_DEPTH_LIMIT: how many objects and lists of a body may be within each other. */
  jsonDepthLimit: number;
  /** REQUEST_TIMEOUT: how long a request may take to come in, in ms. */
  requestTimeout: number;
  /** IDLE_TIMEOUT: how long a connection may wait for its next request, in ms. */
  idleTimeout: number;
  /** CONNECTION_LIMIT */
  connectionLimit: number;
  /** CONCURRENCY_LIMIT: requests that are worked on at once. */
  concurrencyLimit: number;
  /** RATE_LIMIT: requests of one token, or of one address without one, in a minute; null for any number. */
  rateLimit: number | null;
  /** PAGE_LIMIT: nodes of a page. */
  pageLimit: number;
  /** BULK_LIMIT: customers that one call creates. */
  bulkLimit: number;
  /** WRITE_QUEUE_LIMIT: writes that may wait for their commit. */
  writeQueueLimit: number;
  graphqlLimits: GraphqlLimits;
  /** METRICS_TOKEN: what `/metrics` asks for; null for no `/metrics`. */
  metricsToken: string | null;
  /** Whether traces are sent. Where to and how, the SDK reads from the variables of OpenTelemetry itself. */
  tracing: boolean;
  /** Whether NODE_ENV is "production". */
  production: boolean;
}>;

/** How much one GraphQL document may ask for. */
export type GraphqlLimits = Readonly<{
  /** GRAPHQL_TOKEN_LIMIT: names, signs and values in the text. */
  tokens: number;
  /** GRAPHQL_DEPTH_LIMIT: fields within each other. */
  depth: number;
  /** GRAPHQL_ALIAS_LIMIT */
  aliases: number;
  /** GRAPHQL_DIRECTIVE_LIMIT */
  directives: number;
  /** GRAPHQL_COST_LIMIT: values in the answer, every list as long as the document lets it be. */
  cost: number;
}>;

/** What is wrong with one setting, by the name of its variable. */
export type SettingIssue = { setting: string; message: string };

/** One or more settings make no sense; the message has a line for each. */
export class ConfigError extends OperationalError {
  constructor(readonly issues: readonly SettingIssue[]) {
    const lines = issues.map(({ setting, message }) => `  ${setting}: ${message}`);
    super(['These settings make no sense:', ...lines].join('\n'));
  }
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Reads the settings. Throws `ConfigError` that names every one that makes no sense. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is how a shell or a compose file leaves a setting out.
  const given = Object.entries(environment).filter(([, value]) => value?.trim());
  const result = settings.safeParse(Object.fromEntries(given));
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map(({ path, message }) => ({ setting: path.join('.'), message })),
    );
  }
  const env = result.data;
  const production = env.NODE_ENV === 'production';
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    database: Object.freeze(env.DATABASE_URL),
    logLevel: env.LOG_LEVEL,
    graphiql: env.GRAPHIQL ?? !production,
    corsOrigins: Object.freeze(env.CORS_ORIGINS),
    bodyLimit: env.BODY_LIMIT,
    headerLimit: env.HEADER_LIMIT,
    jsonDepthLimit: env.JSON_DEPTH_LIMIT,
    requestTimeout: env.REQUEST_TIMEOUT,
    idleTimeout: env.IDLE_TIMEOUT,
    connectionLimit: env.CONNECTION_LIMIT,
    concurrencyLimit: env.CONCURRENCY_LIMIT,
    rateLimit: env.RATE_LIMIT,
    pageLimit: env.PAGE_LIMIT,
    bulkLimit: env.BULK_LIMIT,
    writeQueueLimit: env.WRITE_QUEUE_LIMIT,
    graphqlLimits: Object.freeze({
      tokens: env.GRAPHQL_TOKEN_LIMIT,
      depth: env.GRAPHQL_DEPTH_LIMIT,
      aliases: env.GRAPHQL_ALIAS_LIMIT,
      directives: env.GRAPHQL_DIRECTIVE_LIMIT,
      cost: env.GRAPHQL_COST_LIMIT,
    }),
    metricsToken: env.METRICS_TOKEN ?? null,
    tracing:
      !env.OTEL_SDK_DISABLED &&
      (env.OTEL_EXPORTER_OTLP_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined,
    production,
  });
}

const samplers = [
  ...['always_on', 'always_off', 'traceidratio'],
  ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
] as const;

const rateLimitMessage = 'must be a whole number from 1 to 1000000000, or off';

const settings = z.object({
  NODE_ENV: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['production', 'development', 'test'], 'must be production, development or test'))
    .optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address to listen on, such as 127.0.0.1')
    .default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 4000),
  DATABASE_URL: z.string().default('data/clientele.db').transform(toDatabase),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  GRAPHIQL: z
    .enum(['on', 'off'], 'must be on or off')
    .transform((value) => value === 'on')
    .optional(),
  CORS_ORIGINS: z.string().transform(toOrigins).default([]),
  BODY_LIMIT: wholeNumber(1024, 1_073_741_824, 1_048_576),
  HEADER_LIMIT: wholeNumber(1024, 1_048_576, 16_384),
  JSON_DEPTH_LIMIT: wholeNumber(8, 1000, 32),
  REQUEST_TIMEOUT: duration('100ms', '1h', '30s'),
  IDLE_TIMEOUT: duration('100ms', '1h', '65s'),
  CONNECTION_LIMIT: wholeNumber(1, 1_000_000, 10_000),
  CONCURRENCY_LIMIT: wholeNumber(1, 1_000_000, 120),
  RATE_LIMIT: z.union(
    [
      z.literal('off').transform(() => null),
      wholeNumber(1, 1_000_000_000, 120_000, rateLimitMessage),
    ],
    rateLimitMessage,
  ),
  PAGE_LIMIT: wholeNumber(10, 1000, defaultPageLimit),
  BULK_LIMIT: wholeNumber(1, 5000, defaultBulkLimit),
  WRITE_QUEUE_LIMIT: wholeNumber(1, 1_000_000, 10_000),
  GRAPHQL_TOKEN_LIMIT: wholeNumber(100, 100_000, 2000),
  GRAPHQL_DEPTH_LIMIT: wholeNumber(4, 100, 12),
  GRAPHQL_ALIAS_LIMIT: wholeNumber(0, 10_000, 50),
  GRAPHQL_DIRECTIVE_LIMIT: wholeNumber(0, 10_000, 50),
  GRAPHQL_COST_LIMIT: wholeNumber(100, 10_000_000, 75_000),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, 'must be 16 to 255 letters, digits and signs, without spaces')
    .optional(),
  OTEL_SDK_DISABLED: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false'], 'must be true or false'))
    .transform((value) => value === 'true')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol(),
  OTEL_TRACES_SAMPLER: z.enum(samplers, `must be one of ${samplers.join(', ')}`).optional(),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1, such as 0.1')
    .optional(),
});

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

function collector() {
  const protocol = /^https?$/;
  return z
    .url({ protocol, message: 'must be a URL of a collector, such as http://127.0.0.1:4318' })
    .optional();
}

function protocol() {
  return z
    .literal('http/json', 'must be http/json, the only one in which traces are sent')
    .optional();
}

function duration(min: StringValue, max: StringValue, fallback: StringValue) {
  const message = `must be a duration from ${min} to ${max}, such as ${fallback}`;
  return z
    .string()
    .regex(/^\d{1,10}(?:\.\d+)?(?:ms|s|m|h)$/, { message, abort: true })
    .transform((text) => ms(text as StringValue))
    .pipe(z.number().min(ms(min), message).max(ms(max), message))
    .default(ms(fallback));
}

function wholeNumber(
  min: number,
  max: number,
  fallback: number,
  message = `must be a whole number from ${min} to ${max}`,
) {
  return z
    .string()
    .regex(/^\d{1,10}$/, { message, abort: true })
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
    .default(fallback);
}

function toDatabase(url: string, context: z.RefinementCtx): Database {
  try {
    return parseDatabaseUrl(url);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
}

function toOrigins(list: string, context: z.RefinementCtx): string[] {
  const origins = list.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      context.addIssue({
        code: 'custom',
        message: `must be origins parted by commas, such as https://app.example.com, without a path or a slash at the end; "${origin}" is not one`,
      });
    }
  }
  return origins;
}
