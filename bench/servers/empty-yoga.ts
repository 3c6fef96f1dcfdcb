import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce, anyPort } from './shared/listening.js';

/** GraphQL Yoga that says hello and does nothing else: how fast a start can be. */

const yoga = createYoga({
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      type Query {
        hello: String
      }
    `,
    resolvers: { Query: { hello: () => 'world' } },
  }),
});

const server = createServer(yoga);
server.listen(anyPort, () => announce(server.address() as AddressInfo));
