import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import SchemaBuilder from '@pothos/core';
import { GraphQLError } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { authenticate, reaches, type Token } from './shared/access.js';
import { type Customer, openDatabase } from './shared/database.js';
import { customerInput } from './shared/input.js';
import { announce, anyPort } from './shared/listening.js';

/** GraphQL Yoga with a Pothos schema, one commit a request. */

const { insertCustomer, findToken } = openDatabase();

const builder = new SchemaBuilder<{ Context: { token: Token } }>({});

const CustomerType = builder.objectRef<Customer>('Customer').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    corporationId: t.exposeID('corporationId'),
    name: t.exposeString('name'),
    email: t.exposeString('email', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
    createdAt: t.string({ resolve: (customer) => customer.createdAt.toISOString() }),
  }),
});

const AddressInput = builder.inputType('AddressInput', {
  fields: (t) => ({
    line1: t.string(),
    line2: t.string(),
    city: t.string(),
    state: t.string(),
    postalCode: t.string(),
    country: t.string(),
  }),
});

const CreateCustomerInput = builder.inputType('CreateCustomerInput', {
  fields: (t) => ({
    corporationId: t.id({ required: true }),
    name: t.string({ required: true }),
    email: t.string(),
    externalId: t.string(),
    shippingAddress: t.field({ type: AddressInput }),
    sourcePlatform: t.string(),
    sourcePlatformId: t.string(),
  }),
});

builder.queryType({
  fields: (t) => ({ apiVersion: t.string({ resolve: () => '1' }) }),
});

builder.mutationType({
  fields: (t) => ({
    createCustomer: t.field({
      type: CustomerType,
      args: { input: t.arg({ type: CreateCustomerInput, required: true }) },
      resolve(_, args, { token }) {
        const { data, error } = customerInput.safeParse(args.input);
        if (error) {
          throw new GraphQLError('The input is invalid.', {
            extensions: { code: 'BAD_USER_INPUT', issues: error.issues },
          });
        }
        if (!reaches(token, data.corporationId)) throw new GraphQLError('No such corporation.');
        return insertCustomer(data);
      },
    }),
  }),
});

const yoga = createYoga({
  schema: builder.toSchema(),
  async context({ request }) {
    const token = await authenticate(request.headers.get('authorization'), findToken);
    if (!token) {
      throw new GraphQLError('The token is not good.', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    }
    return { token };
  },
});

const server = createServer(yoga);
server.listen(anyPort, () => announce(server.address() as AddressInfo));
