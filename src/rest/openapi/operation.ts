import { headersOfReply, rateLimitHeaders } from './headers.js';
import type { Parameter } from './parameters.js';
import type { Code } from './problems.js';
import { contentOf, type ErrorExamples, errorReplies, type Reply } from './responses.js';
import { type Sample, samplesOf } from './samples.js';
import type { Schema } from './schema.js';

export type Tag = 'Customers' | 'Corporations' | 'Operations';

type Call = {
  id: string;
  tag: Tag;
  summary: string;
  description: string;
  parameters?: readonly Parameter[];
  body?: { schema: Schema; examples: Record<string, unknown> };
  /** What is answered when it goes well, by status. */
  replies: Record<number, Reply>;
  /** What may go wrong, beside what may with any request. */
  errors: readonly Code[];
  errorExamples?: ErrorExamples;
  /** How the call looks in code. */
  sample?: Sample;
  /** Whether it wants a token, as nearly all do. */
  open?: true;
};

/** What any request may be answered with, also where nothing can go wrong. */
const ofEveryCall = ['BAD_REQUEST', 'REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE'] as const;

/** What a call with a token may be answered with. */
const ofTokens = ['UNAUTHENTICATED', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'] as const;

/** What a call with a body may be answered with. */
export const ofBodies = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/** What a call that changes something may be answered with. */
export const ofWrites = [
  'INVALID_INPUT',
  'FORBIDDEN',
  'IDEMPOTENCY_IN_FLIGHT',
  'IDEMPOTENCY_MISMATCH',
  'OUTCOME_UNKNOWN',
] as const;

/** An operation as OpenAPI has it. */
export function operation(call: Call) {
  const { id, tag, summary, description, parameters = [], body, sample } = call;
  const errors = [...call.errors, ...ofEveryCall, ...(call.open ? [] : ofTokens)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    ...(call.open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': contentOf(body.schema, body.examples) },
      },
    }),
    responses: {
      ...(call.open ? call.replies : counted(call.replies)),
      ...errorReplies(errors, call.errorExamples ?? {}),
    },
    ...(sample && { 'x-codeSamples': samplesOf(sample) }),
  };
}

/** The replies with what is told to one whose requests are counted. */
function counted(replies: Record<number, Reply>) {
  return Object.fromEntries(
    Object.entries(replies).map(([status, { headers, ...reply }]) => [
      status,
      { ...reply, headers: { ...headers, ...headersOfReply(rateLimitHeaders) } },
    ]),
  );
}
