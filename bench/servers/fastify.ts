import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { authenticate, reaches, type Token } from './shared/access.js';
import { openDatabase } from './shared/database.js';
import { customerBody } from './shared/input.js';
import { announce, anyPort } from './shared/listening.js';
import { toWire } from './shared/wire.js';

/** REST on Fastify, one commit a request. */

declare module 'fastify' {
  interface FastifyRequest {
    token: Token | null;
  }
}

const { insertCustomer, findToken } = openDatabase();

const app = Fastify();
app.decorateRequest('token', null);

app.addHook('onRequest', async (request, reply) => {
  request.token = await authenticate(request.headers.authorization, findToken);
  if (!request.token) return reply.code(401).send({ message: 'The token is not good.' });
});

// Fastify writes an answer faster when it knows what is in it.
const created = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    email: { type: ['string', 'null'] },
    corporation_id: { type: 'string' },
    created_at: { type: 'integer' },
  },
};
const refused = {
  type: 'object',
  properties: { message: { type: 'string' }, errors: { type: 'array' } },
};
const response = { 201: created, 400: refused };

app.post('/customers', { schema: { response } }, async (request, reply) => {
  const { data, error } = customerBody.safeParse(request.body);
  if (error) {
    return reply.code(400).send({ message: 'The input is invalid.', errors: error.issues });
  }
  if (!request.token || !reaches(request.token, data.corporationId)) {
    return reply.code(400).send({ message: 'No such corporation.' });
  }
  reply.code(201);
  return toWire(await insertCustomer(data));
});

await app.listen(anyPort);
announce(app.server.address() as AddressInfo);
