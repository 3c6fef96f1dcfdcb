import { GraphQLError } from 'graphql';
import { type InputIssue, InvalidInputError } from '../errors.js';
import { showable } from '../http/errors.js';
import type { Exchange } from '../http/exchange.js';

/**
 * An error of the execution as the client may see it, with `extensions.code` out of the catalogue.
 * What GraphQL itself found wrong, with variables for example, passes as BAD_USER_INPUT; what a
 * resolver threw passes if it is in the catalogue, and is logged and replaced otherwise.
 */
export function toClientError(error: GraphQLError, exchange: Exchange): GraphQLError {
  if (!error.originalError || error.originalError instanceof GraphQLError) {
    return withCode(error, 'BAD_USER_INPUT');
  }
  const shown = showable(error.originalError, exchange);
  const issues = shown instanceof InvalidInputError ? shown.issues : null;
  const shownError = new GraphQLError(issues ? issues.map(inWords).join('; ') : shown.message, {
    ...(error.path && { path: error.path }),
    extensions: { code: shown.code, requestId: exchange.requestId, ...(issues && { issues }) },
  });
  // Compiled operations know the place in the document, but not the node that is there.
  return Object.assign(shownError, { locations: error.locations });
}

function inWords({ path, message }: InputIssue): string {
  return `${path.join('.')} ${message}`;
}

/** The same error with the code, unless it has one, and without what is meant for Yoga's HTTP layer. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code ??= code;
  delete error.extensions.http;
  return error;
}
