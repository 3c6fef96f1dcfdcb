import { GraphQLSchema } from 'graphql';
import './dateTime.js';
import './customer.js';
import './corporation.js';
import './errors.js';
import './corporations.js';
import './createCustomer.js';
import './createCustomers.js';
import './customers.js';
import './deleteCustomer.js';
import './updateCustomer.js';
import './upsertCustomer.js';
import './createCorporation.js';
import { builder } from './builder.js';

const description =
  'Clientele keeps the customers of your corporations. ' +
  'Start with the mutation `createCustomer`, and read a customer back with `customer` or `customerByExternalId`. ' +
  'The schema is public; every field that touches data needs the header `Authorization: Bearer <token>`. ' +
  'Errors that the caller of a mutation can act on are members of its result union. All others are top-level errors, with an `extensions.code`:\n\n' +
  [
    '`UNAUTHENTICATED`: the token is missing or not good.',
    '`FORBIDDEN`: the token may not do this.',
    '`RATE_LIMITED`, `UNAVAILABLE`: nothing was done; try again later.',
    '`OUTCOME_UNKNOWN`: nobody knows whether the change was made; repeat it with its idempotency key.',
    '`INVALID_INPUT`: the arguments of a query, or the length of a list of inputs; `extensions.issues` has what is wrong.',
    '`BAD_USER_INPUT`: variables that do not match their types.',
    '`INTERNAL`: a fault of the service.',
  ]
    .map((line) => `- ${line}`)
    .join('\n');

/** The schema, its types in the order in which one meets them when reading from the top. */
export function createSchema(): GraphQLSchema {
  const config = builder.toSchema({ sortSchema: false }).toConfig();
  // Told of no types, the constructor finds them by following the fields, which is that order.
  return new GraphQLSchema({ ...config, description, types: [] });
}
