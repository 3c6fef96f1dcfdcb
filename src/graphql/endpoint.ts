import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import type { Request, RequestParams } from 'graphql-http';
import { parseAccept } from 'hono/utils/accept';
import type { GraphqlLimits } from '../config.js';
import type { DomainError } from '../errors.js';
import type { Admission } from '../http/admission.js';
import { type BodyLimits, readJsonText, refuseExcess } from '../http/body.js';
import type { MakeContext, RequestContext } from '../http/context.js';
import { HttpError, headersOf, showable, statuses } from '../http/errors.js';
import type { Exchange, Reply } from '../http/exchange.js';
import { withCode } from './clientErrors.js';
import { createParamsReader } from './params.js';
import { createPipeline } from './pipeline.js';

/** The largest body without a token, in bytes, so that nobody fills the memory with them. */
const anonymousBodyLimit = 65_536;

/**
 * The GraphQL face: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/). Its reference
 * implementation reads the parameters, and Yoga's pipeline is behind it.
 */
export function createGraphql(
  makeContext: MakeContext,
  admission: Admission,
  limits: BodyLimits & { graphqlLimits: GraphqlLimits; pageLimit: number },
): (exchange: Exchange) => Promise<Reply> {
  const prepare = createPipeline(limits.graphqlLimits, limits);
  // None is kept that could not be sent without a token.
  const readParams = createParamsReader({ maxDocumentBytes: anonymousBodyLimit });

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

  /** The parameters, or why the document that is meant cannot be had. Throws for what is no GraphQL request. */
  async function paramsOf(
    context: RequestContext,
    body: string | null,
  ): Promise<RequestParams | GraphQLError> {
    const { incoming } = context.exchange;
    const request: Request<RequestContext, undefined> = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body,
      raw: context,
      context: undefined,
    };
    const params = await readParams(request).catch((error: Error) => {
      if (error instanceof GraphQLError) return error;
      throw new HttpError('BAD_REQUEST', error.message);
    });
    if (params instanceof GraphQLError || 'query' in params) return params;
    throw refusal(params[1].status);
  }

  async function execute(context: RequestContext, body: string | null): Promise<ExecutionResult> {
    const params = await paramsOf(context, body);
    if (params instanceof GraphQLError) return { errors: [withCode(params, badRequest)] };
    const { query, operationName, variables } = params;
    const prepared = prepare(query);
    if (prepared.issues) return { errors: prepared.issues };
    const operation = prepared.operation(operationName);
    if (!operation) return { errors: [withCode(noOperation(operationName), badRequest)] };
    const { exchange } = context;
    exchange.operation = operation.name;
    if (operation.type === OperationTypeNode.MUTATION && exchange.incoming.method !== 'POST') {
      throw new HttpError('METHOD_NOT_ALLOWED', 'A mutation must be sent by POST.', {
        Allow: 'POST',
      });
    }
    return operation.run(context, variables);
  }

  async function answer(context: RequestContext, body: string | null): Promise<Reply> {
    const { exchange } = context;
    const mediaType = acceptedMediaType(exchange);
    if (!mediaType) {
      throw new HttpError(
        'NOT_ACCEPTABLE',
        'The answer is application/graphql-response+json or application/json; Accept must allow one.',
      );
    }
    const result = await execute(context, body);
    if (result.errors) exchange.code = codeOf(result.errors);
    return {
      status: mediaType === ofGraphql && !('data' in result) ? 400 : 200,
      headers: contentType(mediaType),
      body: JSON.stringify(result),
    };
  }

  return async (exchange) => {
    try {
      const context = await makeContext(exchange);
      const body = await textOf(context);
      return await admission.during(() => answer(context, body));
    } catch (error) {
      return errorReply(exchange, error);
    }
  };
}

/** The code of what is not in the document but in the request that brings it. */
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

/** What graphql-http says with a status alone. */
function refusal(status: number): HttpError {
  return status === 415
    ? new HttpError(
        'UNSUPPORTED_MEDIA_TYPE',
        'The body must be JSON, sent with "Content-Type: application/json".',
      )
    : new HttpError('METHOD_NOT_ALLOWED', 'This path answers GET, POST only.', {
        Allow: 'GET, POST',
      });
}

/** The reply when a request fails before any GraphQL is read. */
function errorReply(exchange: Exchange, error: unknown): Reply {
  const shown = showable(error, exchange);
  exchange.code = shown.code;
  return {
    status: statuses[shown.code],
    headers: {
      ...headersOf(shown),
      ...contentType(acceptedMediaType(exchange) ?? 'application/json'),
    },
    body: JSON.stringify(toErrorBody(shown, exchange.requestId)),
  };
}

const ofGraphql = 'application/graphql-response+json';

type MediaType = typeof ofGraphql | 'application/json';

/**
 * Which of both the caller takes sooner (RFC 9110, 12.5.1), the first of equals; null for neither. In
 * `application/json` an answer of another status than 2xx may come from anyone on the way, so that
 * clients do not look for errors in it.
 */
function acceptedMediaType(exchange: Exchange): MediaType | null {
  const accept = exchange.header('accept');
  if (!accept) return 'application/json';
  for (const { type, params, q } of parseAccept(accept.toLowerCase())) {
    if (q === 0 || !/^utf-?8$/.test(params.charset ?? 'utf-8')) continue;
    if (type === ofGraphql) return ofGraphql;
    if (ofJson.has(type)) return 'application/json';
  }
  return null;
}

const ofJson = new Set(['application/json', 'application/*', '*/*']);

function contentType(mediaType: MediaType): Record<string, string> {
  return { 'Content-Type': `${mediaType}; charset=utf-8` };
}

/** The body of such a reply. */
export function toErrorBody({ code, message }: DomainError | HttpError, requestId: string) {
  return { errors: [new GraphQLError(message, { extensions: { code, requestId } })] };
}
