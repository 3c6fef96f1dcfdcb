import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { authenticate, type Token } from '../shared/access.js';
import { announce, anyPort } from '../shared/listening.js';

/** PostGraphile on PostgreSQL, with the options that its documentation recommends in production. */

// From the folder beside the source, which has its own packages.
const require = createRequire(
  new URL('../../../servers/postgraphile/package.json', import.meta.url),
);
const pg = require('pg') as typeof import('pg');
const { postgraphile } = require('postgraphile') as {
  postgraphile(pool: Pool, schema: string, options: object): RequestListener;
};

// The database is told by the variables of libpq.
const pool = new pg.Pool();

async function findToken(hash: string): Promise<Token | null> {
  const { rows } = await pool.query({
    name: 'token',
    text: `select "right", corporation_ids as "corporationIds",
      extract(epoch from expires_at) * 1000 as "expiresAt",
      extract(epoch from revoked_at) * 1000 as "revokedAt"
      from access.tokens where hash = $1`,
    values: [hash],
  });
  return rows[0] ?? null;
}

const middleware = postgraphile(pool, 'public', {
  async pgSettings(request: IncomingMessage) {
    const token = await authenticate(request.headers.authorization, findToken);
    if (!token) throw Object.assign(new Error('The token is not good.'), { status: 401 });
    return { 'token.right': token.right };
  },
  retryOnInitFail: true,
  dynamicJson: true,
  setofFunctionsContainNulls: false,
  ignoreRBAC: false,
  extendedErrors: ['errcode'],
  graphiql: false,
  enableQueryBatching: true,
  disableQueryLog: true,
  legacyRelations: 'omit',
});

const server = createServer(middleware);
server.listen(anyPort, () => announce(server.address() as AddressInfo));
