import { createYoga, type Plugin } from 'graphql-yoga';
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
    plugins: [useClientErrors],
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
