import { VersionMismatchError } from '../../customers/errors.js';
import type { DomainError } from '../../errors.js';
import { type HttpError, headersOf, statuses } from '../../http/errors.js';
import { toProblem } from '../problem.js';
import { requestId } from './examples.js';
import { type HeaderName, headersOfReply, rateLimitHeaders } from './headers.js';
import { type Code, codes, componentName, problemReference, problems } from './problems.js';
import { reference } from './reference.js';
import type { Schema } from './schema.js';

/** A reply as OpenAPI has it. */
export type Reply = { description: string; headers: object; content?: object };

/** Examples where an operation has better ones than `problems`. */
export type ErrorExamples = Partial<Record<Code, DomainError | HttpError>>;

/** What is answered before any route has seen the request, and so before anything is counted. */
const unread: readonly Code[] = [
  'BAD_REQUEST',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'METHOD_NOT_ALLOWED',
];

/** A reply that is no error. */
export function reply(
  description: string,
  headers: readonly HeaderName[],
  body?: { schema: Schema; examples: Record<string, unknown> },
): Reply {
  return {
    description,
    headers: headersOfReply(headers),
    ...(body && { content: { 'application/json': contentOf(body.schema, body.examples) } }),
  };
}

/** The replies to what goes wrong, by status; those that are alike everywhere are components. */
export function errorReplies(
  of: readonly Code[],
  examples: ErrorExamples,
): Record<string, Reply | { $ref: string }> {
  const replies = of.map((code) => {
    const alike = of.filter((other) => statuses[other] === statuses[code]);
    const isShared = alike.length === 1 && !examples[code];
    const reply = isShared
      ? reference('responses', componentName(code))
      : errorReply(alike, examples);
    return [statuses[code], reply];
  });
  return Object.fromEntries(replies);
}

/**
 * The replies that `paths` refers to, and METHOD_NOT_ALLOWED, which belongs to no operation.
 */
export function sharedReplies(paths: object): Record<string, Reply | { $ref: string }> {
  const text = JSON.stringify(paths);
  const shared = codes.filter(
    (code) =>
      code === 'METHOD_NOT_ALLOWED' ||
      text.includes(JSON.stringify(reference('responses', componentName(code)))),
  );
  return Object.fromEntries(shared.map((code) => [componentName(code), errorReply([code], {})]));
}

function errorReply(of: readonly Code[], given: ErrorExamples): Reply {
  const examples = of.map((code) => given[code] ?? problems[code].example);
  const counted = of.some((code) => !unread.includes(code));
  const headers = [...(counted ? rateLimitHeaders : []), ...examples.flatMap(namesOfHeaders)];
  const schemas = of.map(problemReference);
  const [only, ...others] = schemas;
  const schema = only && others.length === 0 ? only : { oneOf: schemas };
  return {
    description: of.map((code) => `\`${code}\`: ${problems[code].when}`).join('\n\n'),
    headers: headersOfReply(headers),
    content: {
      'application/problem+json': contentOf(
        schema,
        Object.fromEntries(examples.map((error) => [error.code, toProblem(error, requestId)])),
      ),
    },
  };
}

function namesOfHeaders(error: DomainError | HttpError): HeaderName[] {
  if (error instanceof VersionMismatchError) return ['ETag'];
  if (error.code === 'UNSUPPORTED_MEDIA_TYPE') return ['Accept-Encoding'];
  return Object.keys(headersOf(error)) as HeaderName[];
}

/** The schema with examples, each of which is told apart by its name. */
export function contentOf(schema: Schema, examples: Record<string, unknown>) {
  return {
    schema,
    examples: Object.fromEntries(
      Object.entries(examples).map(([name, value]) => [name, { value }]),
    ),
  };
}
