import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { validator } from 'hono/validator';
import { authenticate, reaches, type Token } from './shared/access.js';
import { openDatabase } from './shared/database.js';
import { customerBody } from './shared/input.js';
import { announce, anyPort } from './shared/listening.js';
import { toWire } from './shared/wire.js';

/** REST on Hono, one commit a request. */

const { insertCustomer, findToken } = openDatabase();

const needsToken = createMiddleware<{ Variables: { token: Token } }>(async (c, next) => {
  const token = await authenticate(c.req.header('authorization'), findToken);
  if (!token) return c.json({ message: 'The token is not good.' }, 401);
  c.set('token', token);
  return next();
});

const app = new Hono().post(
  '/customers',
  needsToken,
  validator('json', (body, c) => {
    const { data, error } = customerBody.safeParse(body);
    if (error) return c.json({ message: 'The input is invalid.', errors: error.issues }, 400);
    return data;
  }),
  async (c) => {
    const input = c.req.valid('json');
    if (!reaches(c.get('token'), input.corporationId)) {
      return c.json({ message: 'No such corporation.' }, 400);
    }
    return c.json(toWire(await insertCustomer(input)), 201);
  },
);

serve({ fetch: app.fetch, hostname: anyPort.host, port: anyPort.port }, announce);
