import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { authenticate, reaches, type Token } from './access.js';
import type { Customer, Database } from './database.js';
import { customerInput } from './input.js';
import { announce, anyPort } from './listening.js';
import { typeDefs } from './sdl.js';

/** Serves Mercurius with its JIT on whatever keeps the customers. */
export async function serveMercurius({ insertCustomer, findToken }: Database): Promise<void> {
  const app = Fastify();

  await app.register(mercurius, {
    schema: typeDefs,
    jit: 1,
    async context(request) {
      const token = await authenticate(request.headers.authorization, findToken);
      if (!token) {
        const extensions = { code: 'UNAUTHENTICATED' };
        throw new mercurius.ErrorWithProps('The token is not good.', extensions, 401);
      }
      return { token };
    },
    resolvers: {
      Query: { apiVersion: () => '1' },
      Mutation: {
        createCustomer(_: unknown, args: { input: unknown }, context: unknown) {
          const { token } = context as { token: Token };
          const { data, error } = customerInput.safeParse(args.input);
          if (error) {
            throw new mercurius.ErrorWithProps('The input is invalid.', { issues: error.issues });
          }
          if (!reaches(token, data.corporationId)) {
            throw new mercurius.ErrorWithProps('No such corporation.');
          }
          return insertCustomer(data);
        },
      },
      Customer: { createdAt: (customer: Customer) => customer.createdAt.toISOString() },
    },
  });

  await app.listen(anyPort);
  announce(app.server.address() as AddressInfo);
}
