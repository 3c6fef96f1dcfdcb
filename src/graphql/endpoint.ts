import { type DocumentNode, GraphQLError, getOperationAST } from 'graphql';
import { createHandler } from 'graphql-http';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { limitBody, readText } from '../http/body.js';
import { type HttpEnv, type RequestContext, withContext } from '../http/context.js';
import { headersOf, showable, statuses } from '../http/errors.js';
import type { Services } from '../services.js';
import { withCode } from './clientErrors.js';
import { createPipeline } from './pipeline.js';

export type GraphqlOptions = {
  /** The largest body that is read, in bytes. */
  bodyLimit: number;
};

/**
 * The GraphQL face: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) by its
 * reference implementation, with Yoga's pipeline behind it.
 */
export function createGraphql(services: Services, options: GraphqlOptions): Hono<HttpEnv> {
  const pipeline = createPipeline();

  const handle = createHandler<Context<HttpEnv>, unknown, RequestContext>({
    async onSubscribe({ raw }, { query, operationName, variables }) {
      const { schema, parse, validate, contextFactory, execute } = pipeline(raw.get('context'));
      const document = parsed(() => parse(query));
      if (document instanceof GraphQLError) return [withCode(document, 'GRAPHQL_PARSE_FAILED')];

      const issues = validated(() => validate(schema, document));
      if (issues.length > 0) {
        return issues.map((issue) => withCode(issue, 'GRAPHQL_VALIDATION_FAILED'));
      }
      raw.set('operation', getOperationAST(document, operationName)?.name?.value);
      return {
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: await contextFactory(),
        rootValue: { execute },
      };
    },
    execute: (args) =>
      (args.rootValue as { execute: typeof import('graphql').execute }).execute(args),
    formatError: (error) =>
      error instanceof GraphQLError
        ? error
        : new GraphQLError(error.message, { extensions: { code: 'BAD_REQUEST' } }),
  });

  return new Hono<HttpEnv>({ strict: false })
    .onError((error, c) => errorReply(c, error))
    .on(['GET', 'POST'], '/', withContext(services), limitBody(options.bodyLimit), async (c) => {
      const [body, { status, headers }] = await handle({
        method: c.req.method,
        url: c.req.url,
        headers: { get: (name: string) => c.req.header(name) ?? null },
        body: () => readText(c),
        raw: c,
        context: undefined,
      });
      return c.body(body as string, status as ContentfulStatusCode, headers);
    });
}

/** The document, or what keeps the text from being one. */
function parsed(parse: () => DocumentNode): DocumentNode | GraphQLError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
}

function validated(validate: () => readonly GraphQLError[]): readonly GraphQLError[] {
  try {
    return validate();
  } catch (error) {
    if (error instanceof RangeError) return [tooDeep()];
    throw error;
  }
}

/** GraphQL's own functions call themselves for each level, until there is no more stack. */
function tooDeep(): GraphQLError {
  return new GraphQLError('The document is nested too deeply.');
}

/** The reply when a request fails before any GraphQL is read. */
function errorReply(c: Context<HttpEnv>, error: unknown): Response {
  const shown = showable(error, c.get('log'));
  const extensions = { code: shown.code, requestId: c.get('requestId') };
  return c.json(
    { errors: [new GraphQLError(shown.message, { extensions })] },
    statuses[shown.code],
    headersOf(shown),
  );
}
