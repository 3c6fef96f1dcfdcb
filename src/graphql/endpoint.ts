import { GraphQLError } from 'graphql';
import { createHandler } from 'graphql-http';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { readText } from '../http/body.js';
import {
  createContext,
  type HttpEnv,
  header,
  type RequestContext,
  requestLog,
} from '../http/context.js';
import { headersOf, showable, statuses } from '../http/errors.js';
import type { Services } from '../services.js';
import { createPipeline, type Operation } from './pipeline.js';

export type GraphqlOptions = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
};

/** What the handler is told of a request, beside what every handler is. */
type Raw = { c: Context<HttpEnv>; context: RequestContext };

/**
 * The GraphQL face: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) by its
 * reference implementation, with Yoga's pipeline behind it.
 */
export function createGraphql(services: Services, options: GraphqlOptions): Hono<HttpEnv> {
  const prepare = createPipeline();

  const handle = createHandler<Raw, unknown, RequestContext>({
    onSubscribe({ raw: { c, context } }, { query, operationName, variables }) {
      const prepared = prepare(query);
      if (prepared.issues) return prepared.issues;
      const operation = prepared.operation(operationName);
      c.set('operation', operation?.name);
      return {
        schema: prepared.schema,
        document: prepared.document,
        operationName,
        variableValues: variables,
        contextValue: context,
        rootValue: operation,
      };
    },
    execute: ({ rootValue, contextValue, variableValues }) =>
      (rootValue as Operation).run(contextValue as RequestContext, variableValues),
    formatError: (error) =>
      error instanceof GraphQLError
        ? error
        : new GraphQLError(error.message, { extensions: { code: 'BAD_REQUEST' } }),
  });

  return new Hono<HttpEnv>({ strict: false }).on(['GET', 'POST'], '/', async (c) => {
    try {
      const context = await createContext(c, services);
      const [body, { status, headers }] = await handle({
        method: c.req.method,
        url: c.req.url,
        headers: { get: (name: string) => header(c, name) ?? null },
        body: c.req.method === 'POST' ? await readText(c, options.bodyLimit) : null,
        raw: { c, context },
        context: undefined,
      });
      return c.body(body as string, status as ContentfulStatusCode, headers);
    } catch (error) {
      return errorReply(c, error);
    }
  });
}

/** The reply when a request fails before any GraphQL is read. */
function errorReply(c: Context<HttpEnv>, error: unknown): Response {
  const shown = showable(error, () => requestLog(c));
  const extensions = { code: shown.code, requestId: c.get('requestId') };
  return c.json(
    { errors: [new GraphQLError(shown.message, { extensions })] },
    statuses[shown.code],
    headersOf(shown),
  );
}
