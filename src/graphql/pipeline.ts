import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  getOperationAST,
  type OperationTypeNode,
  parse,
  type ValidationRule,
} from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { GraphqlLimits } from '../config.js';
import type { RequestContext } from '../http/context.js';
import { toClientError, withCode } from './clientErrors.js';
import { type CompiledQuery, compile } from './compile.js';
import { createDocumentLimits, tooLongName } from './limits.js';
import { nameOf, noteErrors } from './operation.js';
import { createSchema } from './schema.js';
import { firstIssueOfLarge } from './variables.js';

type Variables = Record<string, unknown> | null | undefined;

/** An operation of a valid document, ready to run as often as is wanted. */
export type Operation = {
  /** See `nameOf`. */
  name: string;
  type: OperationTypeNode;
  run(context: RequestContext, variables: Variables): Promise<ExecutionResult>;
};

/** What became of the text of a document: what is wrong with it, or its operations. */
export type Prepared =
  | { issues: readonly GraphQLError[] }
  | { issues: null; operation(name: string | null | undefined): Operation | null };

/** What the texts of cached documents may be together, in characters; their trees are far larger. */
const cacheSize = 500_000;

/** How often an operation is interpreted before it is worth being compiled. */
const compileAfter = 10;

/**
 * Yoga's pipeline: parse and validate, once for each text, and execute. An operation that comes
 * again and again is compiled. Yoga's HTTP layer is not used, so all that belongs to it is off.
 */
export function createPipeline(
  limits: GraphqlLimits,
  sizes: { pageLimit: number; bulkLimit: number },
) {
  const schema = noteErrors(createSchema());
  const beyondLimits = createDocumentLimits(schema, limits, sizes);
  const { getEnveloped } = createYoga<RequestContext>({
    schema,
    plugins: [useTokenLimit(limits.tokens), useKnownOperationTypes, useClientErrors],
    // Kept here instead, together with what was compiled of it.
    parserAndValidationCache: false,
    // Done by useClientErrors, which knows the request and so can log under its id.
    maskedErrors: false,
    logging: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: false,
  });
  // By size and not by number, so that large ones cannot fill the memory.
  const cache = new LRUCache<string, Prepared>({
    maxSize: cacheSize,
    sizeCalculation: (_, text) => text.length + 1,
    memoMethod: prepare,
  });

  function prepare(text: string): Prepared {
    const { parse, validate } = getEnveloped();
    const document = parsed(() => parse(text));
    if (document instanceof GraphQLError) {
      return { issues: [withCode(document, 'GRAPHQL_PARSE_FAILED')] };
    }
    const issues = validated(() => {
      const name = tooLongName(document);
      if (name) return [name];
      const invalid = validate(schema, document);
      return invalid.length > 0 ? invalid : beyondLimits(document);
    });
    if (issues.length > 0) {
      return { issues: issues.map((issue) => withCode(issue, 'GRAPHQL_VALIDATION_FAILED')) };
    }
    const operations = new Map<string | undefined, Operation>();
    return {
      issues: null,
      operation(given) {
        // An empty one is none (GraphQL over HTTP, 6.2), as forms send it.
        const name = given || undefined;
        const operation = operations.get(name) ?? toOperation(document, name);
        // Names that the document does not have are not kept: there is no end to them.
        if (operation) operations.set(name, operation);
        return operation;
      },
    };
  }

  function toOperation(document: DocumentNode, operationName: string | undefined) {
    const node = getOperationAST(document, operationName);
    if (!node) return null;
    let runs = 0;
    let compiled: CompiledQuery | null = null;

    const interpret = async (context: RequestContext, variableValues: Variables) => {
      const issue = firstIssueOfLarge(schema, node, variableValues ?? {});
      if (issue) return { errors: [withCode(issue, 'BAD_USER_INPUT')] };
      const { contextFactory, execute } = getEnveloped(context);
      const contextValue = await contextFactory();
      return execute({ schema, document, operationName, variableValues, contextValue });
    };

    return {
      name: nameOf(document, node),
      type: node.operation,
      async run(context, variables) {
        if (compiled) {
          const result = await compiled(context, variables);
          // Nothing ran. What is wrong with them, if anything, the interpreter words as the reference does.
          if (!('data' in result)) return interpret(context, variables);
          return withClientErrors(result, context);
        }
        if (++runs === compileAfter) {
          compile(schema, document, node).then(
            (query) => {
              compiled = query;
            },
            // It goes on being interpreted, which is slower and nothing worse.
            (error: unknown) =>
              context.exchange.log().warn({ err: error }, 'operation not compiled'),
          );
        }
        return interpret(context, variables);
      },
    } satisfies Operation;
  }

  return (text: string): Prepared => cache.memo(text);
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

const useTokenLimit = (maxTokens: number): Plugin<RequestContext> => ({
  onParse({ setParseFn }) {
    setParseFn((source, options) => parse(source, { ...options, maxTokens }));
  },
});

/** As graphql 17 has it; the rules of graphql 16 find nothing wrong with a subscription. */
const knownOperationTypes: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    const message = `The ${node.operation} operation is not supported by the schema.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

const useKnownOperationTypes: Plugin<RequestContext> = {
  onValidate({ addValidationRule }) {
    addValidationRule(knownOperationTypes);
  },
};

const useClientErrors: Plugin<RequestContext> = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      if ('errors' in result) setResult(withClientErrors(result, args.contextValue));
    },
  }),
};

/** Lets through what a caller may know, and logs and masks all else. */
function withClientErrors(result: ExecutionResult, context: RequestContext): ExecutionResult {
  const { errors, ...rest } = result;
  if (!errors) return result;
  return { errors: errors.map((error) => toClientError(error, context.exchange)), ...rest };
}
