import { GraphQLError, OperationTypeNode } from 'graphql';
import { createHandler } from 'graphql-http';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { GraphqlLimits } from '../config.js';
import type { DomainError } from '../errors.js';
import type { Admission } from '../http/admission.js';
import { type BodyLimits, readJsonText, refuseExcess } from '../http/body.js';
import {
  type HttpEnv,
  header,
  type MakeContext,
  type RequestContext,
  requestLog,
} from '../http/context.js';
import { HttpError, headersOf, showable, statuses } from '../http/errors.js';
import { withCode } from './clientErrors.js';
import { createPersistedQueries } from './persistedQueries.js';
import { createPipeline, type Operation } from './pipeline.js';

/** The largest body without a token, in bytes, so that nobody fills the memory with them. */
const anonymousBodyLimit = 65_536;

/** What the handler is told of a request, beside what every handler is. */
type Raw = { c: Context<HttpEnv>; context: RequestContext };

/**
 * The GraphQL face: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) by its
 * reference implementation, with Yoga's pipeline behind it.
 */
export function createGraphql(
  makeContext: MakeContext,
  admission: Admission,
  limits: BodyLimits & { graphqlLimits: GraphqlLimits; pageLimit: number },
): Hono<HttpEnv> {
  const prepare = createPipeline(limits.graphqlLimits, limits);
  // None is kept that could not be sent without a token.
  const parseRequestParams = createPersistedQueries({ maxDocumentBytes: anonymousBodyLimit });

  const handle = createHandler<Raw, unknown, RequestContext>({
    parseRequestParams,
    onSubscribe({ raw: { c, context } }, { query, operationName, variables }) {
      const prepared = prepare(query);
      if (prepared.issues) {
        c.set('code', codeOf(prepared.issues));
        return prepared.issues;
      }
      const operation = prepared.operation(operationName);
      if (!operation) {
        c.set('code', badRequest);
        return [withCode(noOperation(operationName), badRequest)];
      }
      c.set('operation', operation.name);
      if (operation.type === OperationTypeNode.MUTATION && c.req.method !== 'POST') {
        throw new HttpError('METHOD_NOT_ALLOWED', 'A mutation must be sent by POST.', {
          Allow: 'POST',
        });
      }
      return {
        schema: prepared.schema,
        document: prepared.document,
        operationName,
        variableValues: variables,
        contextValue: context,
        rootValue: operation,
      };
    },
    async execute({ rootValue, contextValue, variableValues }) {
      const context = contextValue as RequestContext;
      const result = await (rootValue as Operation).run(context, variableValues);
      if (result.errors) context.noteCode(codeOf(result.errors));
      return result;
    },
    // For graphql-http it is a result like any other, though nothing was run.
    onOperation({ raw: { c } }, _, result) {
      if ('data' in result) return undefined;
      const mediaType = mediaTypeFor(c);
      const status = mediaType === ofGraphql ? 400 : 200;
      const headers = { 'content-type': `${mediaType}; charset=utf-8` };
      return [JSON.stringify(result), { status, statusText: '', headers }];
    },
    formatError: (error) =>
      withCode(error instanceof GraphQLError ? error : new GraphQLError(error.message), badRequest),
  });

  /** The body, or null for a GET, whose parameters are looked at in its place. */
  async function textOf(c: Context<HttpEnv>, { viewer }: RequestContext): Promise<string | null> {
    if (c.req.method !== 'POST') {
      // Decoded as graphql-http does: Hono leaves as it is what is not well-formed.
      const parameters = new URLSearchParams(c.req.url.split('?')[1]);
      for (const name of ['variables', 'extensions']) {
        refuseExcess(parameters.get(name) ?? '', limits);
      }
      return null;
    }
    // Without a token there is nothing to be had but the schema.
    return readJsonText(c, viewer ? limits : { ...limits, bodyLimit: anonymousBodyLimit });
  }

  return new Hono<HttpEnv>({ strict: false }).on(['GET', 'POST'], '/', async (c) => {
    try {
      const context = await makeContext(c);
      const text = await textOf(c, context);
      const [body, { status, headers }] = await admission.during(() =>
        handle({
          method: c.req.method,
          url: c.req.url,
          headers: { get: (name: string) => header(c, name) ?? null },
          body: text,
          raw: { c, context },
          context: undefined,
        }),
      );
      if (body === null) throw refusal(status);
      if (status >= 400 && c.get('code') === undefined) c.set('code', badRequest);
      return c.body(body, status as ContentfulStatusCode, headers);
    } catch (error) {
      return errorReply(c, error);
    }
  });
}

/** What graphql-http itself refuses, which is no GraphQL request. */
const badRequest = 'BAD_REQUEST';

/** The code of the first of the errors, which all have one. */
function codeOf(errors: readonly GraphQLError[]): string {
  return String(errors[0]?.extensions.code);
}

function noOperation(name: string | null | undefined): GraphQLError {
  return new GraphQLError(
    name
      ? 'The document has no operation of the name that operationName gives.'
      : 'The document has several operations, or none: operationName must say which is meant.',
  );
}

/** What the handler answers with a status alone. */
function refusal(status: number): HttpError {
  switch (status) {
    case 406:
      return new HttpError(
        'NOT_ACCEPTABLE',
        'The answer is application/graphql-response+json or application/json; Accept must allow one.',
      );
    case 415:
      return new HttpError(
        'UNSUPPORTED_MEDIA_TYPE',
        'The body must be JSON, sent with "Content-Type: application/json".',
      );
    default:
      return new HttpError('METHOD_NOT_ALLOWED', 'This path answers GET, POST only.', {
        Allow: 'GET, POST',
      });
  }
}

/** The reply when a request fails before any GraphQL is read. */
function errorReply(c: Context<HttpEnv>, error: unknown): Response {
  const shown = showable(error, () => requestLog(c));
  c.set('code', shown.code);
  return c.json(toErrorBody(shown, c.get('requestId')), statuses[shown.code], {
    ...headersOf(shown),
    'Content-Type': mediaTypeFor(c),
  });
}

const ofGraphql = 'application/graphql-response+json';

/**
 * In `application/json` an answer of another status than 2xx may come from anyone on the way, so that
 * clients do not look for errors in it.
 */
function mediaTypeFor(c: Context<HttpEnv>): string {
  return header(c, 'accept')?.includes(ofGraphql) ? ofGraphql : 'application/json';
}

/** The body of such a reply. */
export function toErrorBody({ code, message }: DomainError | HttpError, requestId: string) {
  return { errors: [new GraphQLError(message, { extensions: { code, requestId } })] };
}
