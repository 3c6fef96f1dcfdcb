import { STATUS_CODES } from 'node:http';
import { expect } from 'vitest';
import type { Json } from '../support/service.js';
import type { Answer } from './connection.js';

/** The table of errors in docs/api.md, written once more by hand. */
const statuses: Record<string, number> = {
  BAD_REQUEST: 400,
  INVALID_INPUT: 400,
  MALFORMED_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  IDEMPOTENCY_IN_FLIGHT: 409,
  VERSION_MISMATCH: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_MISMATCH: 422,
  HEADERS_TOO_LARGE: 431,
};

const graphqlCodes = new Set([
  ...Object.keys(statuses),
  ...['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'],
  ...['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_MISMATCH'],
]);

/** What only somebody on the inside can know of. */
const inside = new RegExp(
  [
    String.raw`\.(?:js|ts|mjs|cjs|db)\b`,
    String.raw`\bat \S+ \(`,
    String.raw`node_modules|node:|file:\/\/`,
    String.raw`\b(?:SQLITE_\w+|sqlite|drizzle|postgres\w*|better-sqlite3|zod|pothos|hono|yoga|graphql-jit|pino|undici)\b`,
    String.raw`\b(?:Type|Range|Syntax|Reference|GraphQL|Sqlite|Zod|Domain|Http)Error\b`,
    'cannot read propert|is not a function|is not iterable|(?<!") is not defined',
    'maximum call stack',
    String.raw`unique constraint|foreign key|insert into|select \* from`,
    String.raw`\[object |\bundefined\b|\bNaN\b|customer_names|idempotency_records`,
  ].join('|'),
  'i',
);

/** Whether the answer is one that docs/api.md lets be, and its JSON if it has some. */
export function checkAnswer(answer: Answer, sent: string, isHead: boolean): Json | null {
  const { status, headers, body } = answer;
  const text = body.toString();
  const isJson = /json/.test(headers.get('content-type') ?? '');
  const json: Json | null = isJson && body.length > 0 ? JSON.parse(text) : null;
  expect(status, 'no fault of the service').toBeLessThan(500);
  expect(headers.get('x-request-id')).toMatch(/^[\w\-=]{1,255}$/);
  if (isHead || (status < 400 && body.length === 0)) return null;
  if (json?.errors && !json.code) checkGraphqlErrors(json, sent);
  else if (status >= 400) checkProblem(answer, json, sent);
  return json;
}

function checkProblem({ status, headers }: Answer, problem: Json | null, sent: string): void {
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    message: expect.stringMatching(/\S/),
    detail: problem?.message,
    request_id: headers.get('x-request-id'),
  });
  expect(statuses[problem?.code]).toBe(status);
  checkWording(problem?.message, sent);
  const issues: Json[] = problem?.errors ?? [];
  if (problem?.code === 'INVALID_INPUT') expect(issues.length).toBeGreaterThan(0);
  for (const issue of issues) {
    // Compared at length only where it is wrong: there may be thousands.
    if (!isIssue(issue)) expect.fail(`Not an issue: ${JSON.stringify(issue)}`);
    checkWording(issue.message, sent);
  }
}

function isIssue({ path, code, message, ...others }: Json): boolean {
  return (
    typeof path === 'string' &&
    /^[A-Z_]+$/.test(code) &&
    /\S/.test(message) &&
    Object.keys(others).length === 0
  );
}

function checkGraphqlErrors({ errors }: Json, sent: string): void {
  expect(errors.length).toBeGreaterThan(0);
  for (const { message, extensions } of errors) {
    if (!/\S/.test(message) || !graphqlCodes.has(extensions?.code)) {
      expect.fail(`Not an error: ${JSON.stringify({ message, extensions })}`);
    }
    checkWording(message, sent);
  }
}

/** What a caller sent may come back to it; what it cannot know may not. */
function checkWording(message: string, sent: string): void {
  const [found] = inside.exec(message) ?? [];
  if (found && !sent.includes(found)) expect(message).not.toMatch(inside);
}
