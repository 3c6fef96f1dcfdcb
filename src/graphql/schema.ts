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
  'What a caller of a mutation can act on is a member of its result union. All else is a top-level error, whose `extensions.code` says what kind it is: ' +
  '`UNAUTHENTICATED` for a token that is missing or not good, `FORBIDDEN` for one that may not do this, `RATE_LIMITED` and `UNAVAILABLE` for what may be tried again later, `OUTCOME_UNKNOWN` for a change of which nobody knows whether it was made, to be repeated with its idempotency key, `INTERNAL` for a fault of the service, `INVALID_INPUT` for arguments of a query and for a list of inputs that has too few or too many, with `extensions.issues`, and `BAD_USER_INPUT` for variables that the types do not let be.';

/** The schema, its types in the order in which one meets them when reading from the top. */
export function createSchema(): GraphQLSchema {
  const config = builder.toSchema({ sortSchema: false }).toConfig();
  // Told of no types, the constructor finds them by following the fields, which is that order.
  return new GraphQLSchema({ ...config, description, types: [] });
}
