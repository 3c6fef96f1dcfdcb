import { idempotencyKey } from '../../idempotency.js';
import type { Parameters } from '../request.js';
import * as examples from './examples.js';
import { reference } from './reference.js';
import { propertyOf, type Schema, toSchema, withoutNull } from './schema.js';

export type Parameter =
  | { $ref: string }
  | {
      name: string;
      in: 'query' | 'path';
      description: string;
      required: boolean;
      schema: Schema;
      example?: unknown;
    };

/** The parameters of a query, from what the service takes at the place of each. */
export function queryParameters(
  known: Parameters,
  args: Schema,
  values: Record<string, unknown> = {},
): Parameter[] {
  return Object.entries(known).map(([name, { as, of }]) => {
    const property = propertyOf(args, as);
    const { description = '', ...schema } = withoutNull(property);
    return {
      name,
      in: 'query',
      description: of === 'list' ? `${description} Several have commas between them.` : description,
      required: args.required?.includes(name) ?? false,
      ...(of === 'list' && { style: 'form', explode: false }),
      schema,
      ...(name in values && { example: values[name] }),
    };
  });
}

const version = '"1"';

const withIdempotencyKey = withoutNull(toSchema(idempotencyKey));

/** The headers of requests that several operations take. */
export const headerParameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: `${withIdempotencyKey.description} It belongs to your token and to this kind of change, over REST and GraphQL alike. A call that was refused does not use it up.`,
    schema: { ...withIdempotencyKey, description: undefined },
    example: examples.idempotencyKey,
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'Do it only if the customer is still at the version of this `ETag`, or at any of several with commas between them; `*` for any existing customer.',
    schema: { type: 'string' },
    example: version,
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'Answer 304 without a body if the reply would have this `ETag`.',
    schema: { type: 'string' },
    example: version,
  },
  IfNoneMatchAny: {
    name: 'If-None-Match',
    in: 'header',
    description: '`*`: only create, and change nothing that is there.',
    schema: { type: 'string', const: '*' },
  },
} satisfies Record<string, Schema>;

export function headerParameter(name: keyof typeof headerParameters): Parameter {
  return reference('parameters', name);
}

export function idParameter(description: string, schema: Schema, example: string): Parameter {
  const { description: _, ...rest } = schema;
  return { name: 'id', in: 'path', description, required: true, schema: rest, example };
}
