import { fileURLToPath } from 'node:url';
import type { Database, PostgresDatabase } from './database.js';

/** The URL names no database that there can be; the message says what it must be. */
export class DatabaseUrlError extends Error {}

const defaultPort = 5432;
const defaultConnectionLimit = 10;
const sslModes = ['disable', 'prefer', 'require', 'verify-full'] as const;

/** What DATABASE_URL names: a path, `:memory:`, or a URL of a file (`file:`, `sqlite:`) or of PostgreSQL. */
export function parseDatabaseUrl(url: string): Database {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [];
  if (!scheme) return { kind: 'sqlite', path: url };
  switch (scheme.toLowerCase()) {
    case 'file':
    case 'sqlite':
      return { kind: 'sqlite', path: toPath(rest) };
    case 'postgres':
    case 'postgresql':
      return toPostgres(rest);
    default:
      throw new DatabaseUrlError(
        'must be a file, such as file:data/clientele.db, :memory:, or a postgres:// URL',
      );
  }
}

function toPath(rest: string): string {
  if (!rest || /[?#]/.test(rest)) {
    throw new DatabaseUrlError('must name a file after file:, and no more');
  }
  if (!rest.startsWith('/')) return rest;
  try {
    return fileURLToPath(`file:${rest}`);
  } catch {
    throw new DatabaseUrlError('must be a file URL without a host, such as file:data/clientele.db');
  }
}

/**
 * As PostgreSQL's own clients write it, several servers parted by commas too, which no URL parser
 * takes: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
function toPostgres(rest: string): PostgresDatabase {
  const parts = /^\/\/(?:([^/?#@]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(rest);
  const [, account = '', hosts = '', name = '', query = ''] = parts ?? [];
  if (!parts || hosts === '') {
    throw new DatabaseUrlError('must be like postgres://user:password@host:5432/database');
  }
  const [user, password] = account.split(/:(.*)/s);
  const given = new Map(new URLSearchParams(query));
  const settings = {
    ssl: toSslMode(given.get('sslmode') ?? 'prefer'),
    connectionLimit: toConnectionLimit(
      given.get('connection_limit') ?? String(defaultConnectionLimit),
    ),
    applicationName: given.get('application_name') ?? 'clientele',
  };
  checkTarget(given.get('target_session_attrs') ?? 'read-write');
  const unknown = [...given.keys()].find((key) => !parameters.has(key));
  if (unknown !== undefined) {
    throw new DatabaseUrlError(
      `has the parameter "${unknown}"; it takes ${[...parameters].join(', ')}`,
    );
  }
  return {
    kind: 'postgres',
    servers: hosts.split(',').map(toServer),
    name: decoded(name) || null,
    user: decoded(user ?? '') || null,
    password: password === undefined ? null : decoded(password),
    ...settings,
  };
}

const parameters = new Set([
  'sslmode',
  'connection_limit',
  'application_name',
  'target_session_attrs',
]);

function toServer(text: string): { host: string; port: number } {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (!host || Number(port ?? defaultPort) > 65_535) {
    // Not which: where it was parted in the wrong place, part of the password would be shown.
    throw new DatabaseUrlError(
      'must name servers as host:port; a / ? # or @ in a password is written in percent-encoding',
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? defaultPort) };
}

function toSslMode(mode: string): PostgresDatabase['ssl'] {
  const known = sslModes.find((each) => each === mode);
  if (!known) throw new DatabaseUrlError(`must have an sslmode of ${sslModes.join(', ')}`);
  return known;
}

function toConnectionLimit(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) < 2) {
    throw new DatabaseUrlError('must have a connection_limit from 2 to 999');
  }
  return Number(text);
}

function checkTarget(target: string): void {
  if (target !== 'read-write' && target !== 'primary') {
    throw new DatabaseUrlError(
      'must have target_session_attrs of read-write or primary: a service that cannot write is none',
    );
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseUrlError('must have % only before two hexadecimal digits');
  }
}
