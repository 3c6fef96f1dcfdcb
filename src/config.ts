import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The settings, each from the environment variable named beside it. */
export type Config = Readonly<{
  /** HOST */
  host: string;
  /** PORT; 0 takes any that is free. */
  port: number;
  /** DATABASE_URL, as a path or `:memory:`. */
  databasePath: string;
  /** LOG_LEVEL */
  logLevel: (typeof logLevels)[number];
  /** GRAPHIQL */
  graphiql: boolean;
  /** CORS_ORIGINS */
  corsOrigins: readonly string[];
  /** BODY_LIMIT, in bytes. */
  bodyLimit: number;
  /** WRITE_QUEUE_LIMIT: writes that may wait for their commit. */
  writeQueueLimit: number;
  /** Whether NODE_ENV is "production". */
  production: boolean;
}>;

/** One or more settings make no sense; the message has a line for each. */
export class ConfigError extends Error {}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Reads the settings. Throws `ConfigError` that names every one that makes no sense. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is how a shell or a compose file leaves a setting out.
  const given = Object.entries(environment).filter(([, value]) => value?.trim());
  const result = settings.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const problems = result.error.issues.map(
      (issue) => `  ${issue.path.join('.')}: ${issue.message}`,
    );
    throw new ConfigError(
      ['These settings make no sense:', ...problems, 'The README lists what each may be.'].join(
        '\n',
      ),
    );
  }
  const env = result.data;
  const production = env.NODE_ENV?.toLowerCase() === 'production';
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    databasePath: env.DATABASE_URL,
    logLevel: env.LOG_LEVEL,
    graphiql: env.GRAPHIQL ?? !production,
    corsOrigins: Object.freeze(env.CORS_ORIGINS),
    bodyLimit: env.BODY_LIMIT,
    writeQueueLimit: env.WRITE_QUEUE_LIMIT,
    production,
  });
}

const settings = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be a host name or an address to listen on, such as 127.0.0.1')
    .default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 4000),
  DATABASE_URL: z.string().transform(toPath).default('data/clientele.db'),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  GRAPHIQL: z
    .enum(['on', 'off'], 'must be on or off')
    .transform((value) => value === 'on')
    .optional(),
  CORS_ORIGINS: z.string().transform(toOrigins).default([]),
  BODY_LIMIT: wholeNumber(1024, 1_073_741_824, 1_048_576),
  WRITE_QUEUE_LIMIT: wholeNumber(1, 1_000_000, 10_000),
});

function wholeNumber(min: number, max: number, fallback: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, { message, abort: true })
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
    .default(fallback);
}

function toPath(url: string, context: z.RefinementCtx): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/i.exec(url) ?? [];
  if (!scheme) return url;
  if (scheme.toLowerCase() === 'file') {
    if (!rest || /[?#]/.test(rest)) return refuse('must name a file after file:, and no more');
    if (!rest.startsWith('/')) return rest;
    try {
      return fileURLToPath(url);
    } catch {
      return refuse('must be a file URL without a host, such as file:data/clientele.db');
    }
  }
  return refuse(
    /^postgres/i.test(scheme)
      ? 'names PostgreSQL, which is not supported yet; use a file, such as file:data/clientele.db'
      : 'must be a file, such as file:data/clientele.db, or :memory:',
  );

  function refuse(message: string): never {
    context.addIssue({ code: 'custom', message });
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
