import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLError } from 'graphql';
import { authenticate, reaches, type Token } from './shared/access.js';
import { type Customer, openDatabase } from './shared/database.js';
import { customerInput } from './shared/input.js';
import { announce, anyPort } from './shared/listening.js';
import { typeDefs } from './shared/sdl.js';

/** Apollo Server, standalone, one commit a request. */

const { insertCustomer, findToken } = openDatabase();

const resolvers = {
  Query: { apiVersion: () => '1' },
  Mutation: {
    createCustomer(_: unknown, args: { input: unknown }, { token }: { token: Token }) {
      const { data, error } = customerInput.safeParse(args.input);
      if (error) {
        throw new GraphQLError('The input is invalid.', {
          extensions: { code: 'BAD_USER_INPUT', issues: error.issues },
        });
      }
      if (!reaches(token, data.corporationId)) throw new GraphQLError('No such corporation.');
      return insertCustomer(data);
    },
  },
  Customer: { createdAt: (customer: Customer) => customer.createdAt.toISOString() },
};

const server = new ApolloServer<{ token: Token }>({ typeDefs, resolvers });

const { url } = await startStandaloneServer(server, {
  listen: anyPort,
  async context({ req }) {
    const token = await authenticate(req.headers.authorization, findToken);
    if (!token) {
      throw new GraphQLError('The token is not good.', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
    }
    return { token };
  },
});
announce({ port: Number(new URL(url).port) });
