import postgres from 'postgres';
import { UnavailableError } from '../../errors.js';

/**
 * What an error tells of the statement it was thrown for:
 * - `conflict`: undone for the sake of another transaction, so that it is to be run again
 * - `unsent`: nobody has begun it, and another connection may
 * - `lost`: the connection broke, and nobody knows whether it was carried out
 * - `machine`: undone because of the machine, and likely to be once more
 * - `own`: undone for what it says
 */
export type Fault = 'conflict' | 'unsent' | 'lost' | 'machine' | 'own';

/** By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const states: [states: RegExp, fault: Fault][] = [
  [/^(40001|40P01)$/, 'conflict'],
  // Read-only: a standby, or a primary of yesterday. Starting up. No connection left. No entry.
  [/^(25006|57P03|53300|08001|08004|28...|3D000)$/, 'unsent'],
  // The server goes down. Completion unknown, as CockroachDB says it: its ambiguous results.
  [/^(57P01|57P02|57P05|40003|08...)$/, 'lost'],
  [/^(53...|54...|55P03|57014|57...|58...|XX001|XX002)$/, 'machine'],
];

/** What the driver says of its connections, and the system of its sockets. */
const unsent = /^(CONNECT_FAILED|CONNECT_TIMEOUT|CONNECTION_ENDED|SASL_SIGNATURE_MISMATCH)$/;
const lost =
  /^(CONNECTION_CLOSED|CONNECTION_DESTROYED|ECONNRESET|EPIPE|ETIMEDOUT|ENETDOWN|ENETRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_SSL_.*)$/;

export function faultOf(error: unknown): Fault {
  if (error instanceof TryAgain) return 'conflict';
  if (error instanceof postgres.PostgresError) {
    return states.find(([pattern]) => pattern.test(error.code))?.[1] ?? 'own';
  }
  if (!(error instanceof Error) || !('code' in error)) return 'own';
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return 'unsent';
  if (unsent.test(String(code))) return 'unsent';
  return lost.test(String(code)) ? 'lost' : 'own';
}

/** The same error, without what may have been sent by a caller: the log is to tell nothing of that. */
export function withoutValues(error: unknown): unknown {
  if (error instanceof postgres.PostgresError) {
    for (const name of ['detail', 'hint', 'where', 'internal_query'] as const) {
      Reflect.deleteProperty(error, name);
    }
  }
  return error;
}

/** Which unique rule a statement broke, by the name of its index, if that is what went wrong. */
export function brokenUnique(error: unknown): string | null {
  return stateOf(error) === '23505'
    ? ((error as postgres.PostgresError).constraint_name ?? '')
    : null;
}

export function brokeForeignKey(error: unknown): boolean {
  return stateOf(error) === '23503';
}

/** The SQLSTATE of what the server said. */
export function stateOf(error: unknown): string | null {
  return error instanceof postgres.PostgresError ? error.code : null;
}

/** The same error, or `UnavailableError` with it as the cause when it says nothing of the statement. */
export function toUnavailable(error: unknown): unknown {
  return faultOf(error) === 'own' ? error : new UnavailableError(undefined, { cause: error });
}

/** Another transaction came first, which was seen too late: the whole is to be done once more. */
export class TryAgain extends Error {}
