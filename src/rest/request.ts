import { maxFilterValues } from '../customers/input.js';
import { type InputIssue, InvalidInputError } from '../errors.js';
import type { Exchange } from '../http/exchange.js';
import { asSent } from './names.js';

/**
 * The key that makes a call safe to repeat. The draft spells it as a quoted string (RFC 8941), most
 * clients leave the quotes out.
 */
export function idempotencyKey(exchange: Exchange): string | undefined {
  return exchange.header('idempotency-key')?.replace(/^"(.*)"$/, '$1');
}

/**
 * The versions that `If-Match` (RFC 9110, 13.1.1) allows, 0 with `If-None-Match: *`, which wants
 * none to be there, and no version with both; undefined for any. Weak tags and tags that are none of
 * ours match no version.
 * Throws `InvalidInputError` for what is no tag, and for tags that a change is not to find.
 */
export function expectedVersions(exchange: Exchange): number[] | 'any' | undefined {
  const absent = exchange.header('if-none-match')?.trim();
  if (absent !== undefined && absent !== '*') {
    throw invalidHeader('If-None-Match', 'must be * on a call that changes something');
  }
  const match = exchange.header('if-match')?.trim();
  if (match === undefined) return absent === undefined ? undefined : [0];
  const versions = match === '*' ? 'any' : versionsOf(match);
  // What is there cannot be absent as well.
  return absent === undefined ? versions : [];
}

function versionsOf(match: string): number[] {
  const tags = match.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => entityTag.test(tag))) {
    throw invalidHeader('If-Match', 'must be the ETag of a reply, quotes included, or *');
  }
  const versions = tags.map((tag) => /^"([1-9]\d{0,14})"$/.exec(tag)?.[1]);
  return versions.filter((version) => version !== undefined).map(Number);
}

/** RFC 9110, 8.8.3, but for a comma within. */
const entityTag = /^(?:W\/)?"[^"]*"$/;

function invalidHeader(name: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path: [asSent(name)], code: 'INVALID_CHARACTERS', message }]);
}

/** Where a parameter of the query stands in the arguments of the service; a list has commas. */
export type Parameter = { as: string[]; of?: 'number' | 'list' };

export type Parameters = Readonly<Record<string, Parameter>>;

/**
 * The parameters of the query as arguments of the service: each known one at its place, each other
 * one where the service will report it.
 */
export function queryArguments({ incoming }: Exchange, known: Parameters): Record<string, unknown> {
  const query = /^[^?#]*\?([^#]*)/.exec(incoming.url ?? '')?.[1] ?? '';
  refuseMalformed(query);
  // With a `?` in front, since URLSearchParams drops a leading one.
  const parameters = new URLSearchParams(`?${query}`);
  const args: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    if (name === '') continue;
    const values = parameters.getAll(name);
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!parameter) {
      args[asSent(name)] = values;
      continue;
    }
    const [first = '', second] = parameter.as;
    const value = parsed(values, parameter);
    if (second === undefined) args[first] = value;
    else args[first] = { ...(args[first] as object), [second]: value };
  }
  return args;
}

/** What is no percent-encoding would be passed on as it stands; it must not be taken for data. */
function refuseMalformed(query: string): void {
  const issues = query
    .split('&')
    .filter((pair) => !isWellFormed(pair))
    .map((pair): InputIssue => {
      const path = [asSent(pair.split('=')[0] ?? '')];
      return { path, code: 'INVALID_CHARACTERS', message: 'is not well-formed percent-encoding' };
    });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

function isWellFormed(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

/** One more than a list in the query may have is enough to tell that it has too many. */
const maxItems = maxFilterValues + 1;

/** A parameter that is given twice stays a list, which is no value of a single one. */
function parsed(values: string[], { of }: Parameter): unknown {
  if (of === 'list') return values.flatMap((value) => value.split(',', maxItems));
  const [value] = values;
  if (values.length > 1 || value === undefined) return values;
  return of === 'number' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}
