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
  'The schema is public; every field that touches data needs the header `Authorization: Bearer <token>`.';

/** The schema, its types in the order in which one meets them when reading from the top. */
export function createSchema(): GraphQLSchema {
  const config = builder.toSchema({ sortSchema: false }).toConfig();
  // Told of no types, the constructor finds them by following the fields, which is that order.
  return new GraphQLSchema({ ...config, description, types: [] });
}
