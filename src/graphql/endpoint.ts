import { GraphQLError, OperationTypeNode } from 'graphql';
import { createHandler } from 'graphql-http';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { GraphqlLimits } from '../config.js';
import type { DomainError } from '../errors.js';
import type { Admission } from '../http/admission.js';
import { type BodyLimits, readJsonText, refuseExcess } from '../http/body.js';
import type { MakeContext, RequestContext } from '../http/context.js';
import { HttpError, headersOf, showable, statuses } from '../http/errors.js';
import type { Exchange, Reply } from '../http/exchange.js';
import { withCode } from './clientErrors.js';
import { createPersistedQueries } from './persistedQueries.js';
import { createPipeline, type Operation } from './pipeline.js';

/** The largest body without a token, in bytes, so that nobody fills the memory with them. */
const anonymousBodyLimit = 65_536;

/**
 * The GraphQL face: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) by its
 * reference implementation, with Yoga's pipeline behind it.
 */
export function createGraphql(
  makeContext: MakeContext,
  admission: Admission,
  limits: BodyLimits & { graphqlLimits: GraphqlLimits; pageLimit: number },
): (exchange: Exchange) => Promise<Reply> {
  const prepare = createPipeline(limits.graphqlLimits, limits);
  // None is kept that could not be sent without a token.
  const parseRequestParams = createPersistedQueries({ maxDocumentBytes: anonymousBodyLimit });

  const handle = createHandler<RequestContext, unknown, RequestContext>({
    parseRequestParams,
    onSubscribe({ raw: context }, { query, operationName, variables }) {
      const { exchange } = context;
      const prepared = prepare(query);
      if (prepared.issues) {
        exchange.code = codeOf(prepared.issues);
        return prepared.issues;
      }
      const operation = prepared.operation(operationName);
      if (!operation) {
        exchange.code = badRequest;
        return [withCode(noOperation(operationName), badRequest)];
      }
      exchange.operation = operation.name;
      if (operation.type === OperationTypeNode.MUTATION && exchange.incoming.method !== 'POST') {
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
      if (result.errors) context.exchange.code = codeOf(result.errors);
      return result;
    },
    // graphql-http would take a result that nothing was run for as any other, and ask of each value whether
    // it is an error.
    onOperation({ raw: { exchange } }, _, result) {
      const mediaType = mediaTypeFor(exchange);
      const status = mediaType === ofGraphql && !('data' in result) ? 400 : 200;
      const headers = { 'content-type': `${mediaType}; charset=utf-8` };
      return [JSON.stringify(result), { status, statusText: '', headers }];
    },
    formatError: (error) =>
      withCode(error instanceof GraphQLError ? error : new GraphQLError(error.message), badRequest),
  });

  /** The body, or null for a GET, whose parameters are looked at in its place. */
  function textOf({ viewer, exchange }: RequestContext): Promise<string> | null {
    const { method, url = '' } = exchange.incoming;
    if (method !== 'POST') {
      const parameters = new URLSearchParams(url.split('?')[1]);
      for (const name of ['variables', 'extensions']) {
        refuseExcess(parameters.get(name) ?? '', limits);
      }
      return null;
    }
    // Without a token there is nothing to be had but the schema.
    return readJsonText(exchange, viewer ? limits : { ...limits, bodyLimit: anonymousBodyLimit });
  }

  return async (exchange) => {
    try {
      const context = await makeContext(exchange);
      const text = await textOf(context);
      const [body, { status, headers = {} }] = await admission.during(() =>
        handle({
          method: exchange.incoming.method ?? '',
          url: exchange.incoming.url ?? '',
          headers: { get: (name: string) => exchange.header(name) ?? null },
          body: text,
          raw: context,
          context: undefined,
        }),
      );
      if (body === null) throw refusal(status);
      if (status >= 400) exchange.code ??= badRequest;
      return { status: status as ContentfulStatusCode, headers, body };
    } catch (error) {
      return errorReply(exchange, error);
    }
  };
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
function errorReply(exchange: Exchange, error: unknown): Reply {
  const shown = showable(error, exchange);
  exchange.code = shown.code;
  return {
    status: statuses[shown.code],
    headers: { ...headersOf(shown), 'Content-Type': mediaTypeFor(exchange) },
    body: JSON.stringify(toErrorBody(shown, exchange.requestId)),
  };
}

const ofGraphql = 'application/graphql-response+json';

/**
 * The first that the caller takes of both, as graphql-http finds it. In `application/json` an answer of
 * another status than 2xx may come from anyone on the way, so that clients do not look for errors in it.
 */
function mediaTypeFor(exchange: Exchange): string {
  const accept = exchange.header('accept')?.replaceAll(/\s/g, '').toLowerCase() ?? '*/*';
  for (const accepted of accept.split(',')) {
    const [mediaType = '', ...parameters] = accepted.split(';');
    const charset = parameters.find((parameter) => parameter.startsWith('charset='));
    if (charset !== undefined && charset !== 'charset=utf-8') continue;
    if (mediaType === ofGraphql) return ofGraphql;
    if (ofJson.has(mediaType)) break;
  }
  return 'application/json';
}

const ofJson = new Set(['application/json', 'application/*', '*/*']);

/** The body of such a reply. */
export function toErrorBody({ code, message }: DomainError | HttpError, requestId: string) {
  return { errors: [new GraphQLError(message, { extensions: { code, requestId } })] };
}
