import { parse } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../http/context.js';
import { toClientError } from './clientErrors.js';
import { createSchema } from './schema.js';

/**
 * Yoga's pipeline: parse and validate, each cached by the document's text, then execute. Its HTTP
 * layer is not used, so all that belongs to it is off.
 */
export function createPipeline() {
  const yoga = createYoga<RequestContext>({
    schema: createSchema(),
    plugins: [useTokenLimit, useClientErrors],
    parserAndValidationCache: { documentCache: boundedCache(), errorCache: boundedCache() },
    // Done by useClientErrors, which knows the request and so can log under its id.
    maskedErrors: false,
    logging: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: false,
  });
  return yoga.getEnveloped;
}

/** More than any client writes, and few enough to be parsed and executed at once. */
const maxTokens = 5000;

/** What the texts of cached documents may be together, in characters; their trees are far larger. */
const cacheSize = 500_000;

/** Documents are kept by size and not by number, so that large ones cannot fill the memory. */
function boundedCache<Value extends object>() {
  return new LRUCache<string, Value>({
    maxSize: cacheSize,
    sizeCalculation: (_, text) => text.length + 1,
  });
}

const useTokenLimit: Plugin<RequestContext> = {
  onParse({ setParseFn }) {
    setParseFn((source, options) => parse(source, { ...options, maxTokens }));
  },
};

/** Lets through what a caller may know, and logs and masks all else. */
const useClientErrors: Plugin<RequestContext> = {
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      if (!('errors' in result) || !result.errors) return;
      setResult({
        ...result,
        errors: result.errors.map((error) => toClientError(error, args.contextValue)),
      });
    },
  }),
};
