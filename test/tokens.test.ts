import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TokenRequest } from '../src/access/access.js';
import { clientele } from './support/command.js';
import { everythingIn } from './support/database.js';
import { type SendOptions, useService } from './support/service.js';

const service = useService({ RATE_LIMIT: 'off' });

const request: TokenRequest = {
  name: 'test',
  corporationIds: null,
  right: 'write',
  lifetime: null,
};
const issue = (given: Partial<TokenRequest> = {}) =>
  service.current.beside(({ access }) => access.issue({ ...request, ...given }));
const revoke = (id: string) => service.current.beside(({ access }) => access.revoke(id));

/** As it is kept: the look-up is by this. */
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** The same request over either face. */
const faces = [
  ['REST', (options: SendOptions) => service.current.get('/corporations/corp_123', options)],
  [
    'GraphQL',
    (options: SendOptions) =>
      service.current.graphql('{ corporation(id: "corp_123") { id } }', {}, options),
  ],
] as const;

/** What an Authorization header may hold that lets nobody in. */
const refused: [name: string, authorization: () => Promise<string>][] = [
  ['an unknown token', async () => `Bearer clientele_${'0'.repeat(48)}`],
  ['an expired token', async () => `Bearer ${(await issue({ lifetime: 0 })).token}`],
  [
    'a revoked token',
    async () => {
      const { id, token } = await issue();
      await revoke(id);
      return `Bearer ${token}`;
    },
  ],
  ['the hash of a good token', async () => `Bearer ${hashOf((await issue()).token)}`],
  ['a good token but for its end', async () => `Bearer ${(await issue()).token.slice(0, -1)}`],
  ['a good token in capitals', async () => `Bearer ${(await issue()).token.toUpperCase()}`],
  ['a good token and more', async () => `Bearer ${(await issue()).token} x`],
  ['a good token without its scheme', async () => (await issue()).token],
  ['another scheme', async () => `Basic ${(await issue()).token}`],
  ['the scheme alone', async () => 'Bearer'],
  ['nothing', async () => ''],
];

// The time of the look-up tells nothing of a token either, though it compares what it finds byte by
// byte: it goes by the SHA-256 of the token, and who tries tokens cannot steer how much of a hash
// they have right, nor get from a part of a hash to a part of the token.
describe.each(faces)('over %s', (_, send) => {
  async function answer(authorization: string) {
    const headers = { Authorization: authorization, 'X-Request-Id': 'same' };
    const reply = await send({ token: null, headers });
    return { ...reply, headers: [...reply.headers].filter(([name]) => name !== 'date') };
  }

  test('every token that is not good is answered with the same bytes', async () => {
    const answers = new Map<string, unknown>();
    for (const [name, authorization] of refused) {
      answers.set(name, await answer(await authorization()));
    }
    const [first] = answers.values();
    expect(first).toMatchObject({ status: 401 });
    expect(JSON.stringify(first)).toContain('unknown, expired or revoked');
    for (const [name, other] of answers) expect(other, name).toEqual(first);
  });

  test('whoever has no good token is told how to send one and what makes one', async () => {
    for (const headers of [{}, { Authorization: 'clientele_0' }] as Record<string, string>[]) {
      const { body } = await send({ token: null, headers });
      const said = JSON.stringify(body);
      expect(said).toContain('`Authorization: Bearer <token>`');
      expect(said).toContain('`npm run -s clientele -- token create --all --name app`');
    }
  });

  test('a token that is revoked is refused from the very next request on', async () => {
    const { id, token } = await issue();
    expect((await send({ token })).status).toBe(200);
    await revoke(id);
    expect((await send({ token })).status).toBe(401);
  });

  test('a token that was revoked while requests came in is refused afterwards', async () => {
    const { id, token } = await issue();
    const during = Array.from({ length: 20 }, () => send({ token }));
    await revoke(id);
    expect((await send({ token })).status).toBe(401);
    for (const { status } of await Promise.all(during)) expect([200, 401]).toContain(status);
  });
});

describe('a token is told once', () => {
  test('and neither it nor its hash is in a list, a log or an error', async () => {
    const tokens = [(await issue()).token, service.current.firstToken];
    const DATABASE_URL = service.current.databaseUrl;
    const said = [
      (await clientele(['token', 'list'], { DATABASE_URL })).stdout,
      (await clientele(['token', 'list', '--json'], { DATABASE_URL })).stdout,
    ];
    expect(JSON.parse(said[1] ?? '')).toContainEqual(expect.objectContaining({ name: 'test' }));
    for (const token of tokens) {
      for (const [, send] of faces) {
        said.push(JSON.stringify(await send({ token })));
        said.push(JSON.stringify(await send({ token: `${token}x` })));
        said.push(JSON.stringify(await send({ token: hashOf(token) })));
      }
    }
    said.push(JSON.stringify(service.current.logs));
    for (const token of tokens) {
      expect(said.join()).not.toContain(token);
      expect(said.join()).not.toContain(hashOf(token));
    }
  });

  test('and the database has its hash alone', async () => {
    const { token } = await issue();
    const kept = await everythingIn(service.current.databaseUrl);
    expect(kept).toContain(hashOf(token));
    expect(kept).not.toContain(token);
  });
});
