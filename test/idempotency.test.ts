import { describe, expect, test } from 'vitest';
import { createCustomer, createCustomers, faces } from './support/faces.js';
import { type Json, useService } from './support/service.js';

describe('an idempotency key', () => {
  // Two hundred at once are more than are worked on unless told.
  const service = useService({ CONCURRENCY_LIMIT: '1000' });
  const key = () => crypto.randomUUID();

  const overRest = (body: unknown, idempotencyKey: string, token?: string) =>
    service.current.post('/customers', body, {
      headers: { 'Idempotency-Key': idempotencyKey },
      ...(token && { token }),
    });

  const overGraphql = async (input: Json, idempotencyKey: string) => {
    const reply = await service.current.graphql(createCustomer, {
      input: { ...input, idempotencyKey },
    });
    return reply.body.data.createCustomer;
  };

  const customersOf = (corporationId: string) =>
    service.current.rows('select id from customers where corporation_id = ?', corporationId);

  test('makes a repeat over REST answer what the first call answered', async () => {
    const corporation_id = await service.current.newCorporation();
    const idempotencyKey = key();
    const first = await overRest({ corporation_id, name: 'Acme' }, idempotencyKey);
    const repeat = await overRest({ name: ' Acme ', corporation_id }, idempotencyKey);

    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(repeat.headers.get('idempotent-replayed')).toBe('true');
    expect(repeat.status).toBe(first.status);
    expect(JSON.stringify(repeat.body)).toBe(JSON.stringify(first.body));
    expect(await customersOf(corporation_id)).toHaveLength(1);
  });

  test('makes a repeat over GraphQL answer what the first call answered', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ext_1' };
    const idempotencyKey = key();
    const first = await overGraphql(input, idempotencyKey);
    const repeat = await overGraphql(input, idempotencyKey);

    expect(first.replayed).toBe(false);
    expect(repeat).toEqual({ ...first, replayed: true });
    expect(await customersOf(corporationId)).toHaveLength(1);
  });

  test('is one and the same over both faces, quoted or not', async () => {
    const corporationId = await service.current.newCorporation();
    const idempotencyKey = key();
    const first = await overGraphql({ corporationId, name: 'Acme' }, idempotencyKey);
    const body = { corporation_id: corporationId, name: 'Acme' };

    for (const spelling of [idempotencyKey, `"${idempotencyKey}"`]) {
      expect((await overRest(body, spelling)).body.id).toBe(first.customer.id);
    }
  });

  test('is refused with another input', async () => {
    const corporationId = await service.current.newCorporation();
    const idempotencyKey = key();
    await overGraphql({ corporationId, name: 'Acme' }, idempotencyKey);

    const graphql = await overGraphql({ corporationId, name: 'Globex' }, idempotencyKey);
    const rest = await overRest({ corporation_id: corporationId, name: 'Globex' }, idempotencyKey);

    expect(graphql).toMatchObject({
      __typename: 'IdempotencyError',
      code: 'IDEMPOTENCY_MISMATCH',
    });
    expect(rest).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } });
    expect(await customersOf(corporationId)).toHaveLength(1);
  });

  test('is not used up by a call that was refused', async () => {
    const corporation_id = await service.current.newCorporation();
    const idempotencyKey = key();
    const taken = { corporation_id, name: 'Acme', external_id: 'ext_1' };
    await service.current.post('/customers', taken);
    const readOnly = await service.current.issueToken({ right: 'read' });

    const invalid = await overRest({ corporation_id, name: 'A' }, idempotencyKey);
    const forbidden = await overRest({ corporation_id, name: 'Acme' }, idempotencyKey, readOnly);
    const conflict = await overRest(taken, idempotencyKey);
    const good = await overRest({ corporation_id, name: 'Acme' }, idempotencyKey);

    expect([invalid, forbidden, conflict, good].map((reply) => reply.status)).toEqual([
      400, 403, 409, 201,
    ]);
    expect(good.headers.get('idempotent-replayed')).toBeNull();
  });

  test.each([2, 50])(
    'that is there %i times in a bulk call makes one customer, and another input is refused',
    async (times) => {
      const corporationId = await service.current.newCorporation();
      const input = { corporationId, name: 'Acme', idempotencyKey: key() };
      const inputs = [...Array.from({ length: times }, () => input), { ...input, name: 'Globex' }];
      const call = async () =>
        (await service.current.graphql(createCustomers, { inputs })).body.data.createCustomers;

      const first = await call();
      const again = await call();

      const [{ id }] = (await customersOf(corporationId)) as [Json];
      const replays = (count: number) =>
        Array.from({ length: count }, () => ({ replayed: true, customer: { id } }));
      const mismatch = { code: 'IDEMPOTENCY_MISMATCH' };
      expect(await customersOf(corporationId)).toHaveLength(1);
      expect(first).toMatchObject([
        { replayed: false, customer: { id } },
        ...replays(times - 1),
        mismatch,
      ]);
      expect(again).toMatchObject([...replays(times), mismatch]);
    },
  );

  test('that is there many times in a bulk call is used by the first that is not refused', async () => {
    const corporationId = await service.current.newCorporation();
    const taken = { corporationId, name: 'Acme', externalId: 'ext_1', idempotencyKey: key() };
    const { idempotencyKey: _, ...unkeyed } = taken;
    await service.current.graphql(createCustomer, { input: unkeyed });
    const good = { ...taken, externalId: 'ext_2' };
    const inputs = [...Array.from({ length: 20 }, () => taken), good, good];

    const { body } = await service.current.graphql(createCustomers, { inputs });

    expect(body.data.createCustomers).toMatchObject([
      ...Array.from({ length: 20 }, () => ({ code: 'CONFLICT' })),
      { replayed: false },
      { replayed: true },
    ]);
    expect(await customersOf(corporationId)).toHaveLength(2);
  });

  test('belongs to one token', async () => {
    const corporation_id = await service.current.newCorporation();
    const idempotencyKey = key();
    const body = { corporation_id, name: 'Acme' };
    const mine = await overRest(body, idempotencyKey);
    const theirs = await overRest(body, idempotencyKey, await service.current.issueToken());
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  test('belongs to one operation', async () => {
    const headers = { 'Idempotency-Key': key() };
    const customer = { corporation_id: 'corp_123', name: 'Acme' };
    const corporation = { legal_name: 'Acme', jurisdiction: 'US' };

    const created = await service.current.post('/customers', customer, { headers });
    const founded = await service.current.post('/corporations', corporation, { headers });
    const again = await service.current.post('/corporations', corporation, { headers });

    expect([created.status, founded.status, again.status]).toEqual([201, 201, 201]);
    expect(again.body).toEqual(founded.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test.each([
    ['empty', '', 'TOO_SHORT'],
    ['longer than 255 characters', 'x'.repeat(256), 'TOO_LONG'],
  ])('that is %s is invalid, and named as it was sent', async (_, idempotencyKey, code) => {
    const rest = await overRest({ corporation_id: 'corp_123', name: 'Acme' }, idempotencyKey);
    const graphql = await overGraphql({ corporationId: 'corp_123', name: 'Acme' }, idempotencyKey);
    expect(rest.body.errors).toMatchObject([{ path: 'Idempotency-Key', code }]);
    expect(graphql.issues).toMatchObject([{ path: ['input', 'idempotencyKey'], code }]);
  });

  test.each(faces)('makes one customer of 200 calls at once over $name', async (face) => {
    const corporationId = await service.current.newCorporation();
    const idempotencyKey = key();
    const calls = Array.from({ length: 200 }, () =>
      face.name === 'REST'
        ? overRest({ corporation_id: corporationId, name: 'Acme' }, idempotencyKey).then(
            ({ body }) => body.id ?? body.code,
          )
        : overGraphql({ corporationId, name: 'Acme' }, idempotencyKey).then(
            (result) => result.customer?.id ?? result.code,
          ),
    );

    const answers = new Set(await Promise.all(calls));
    answers.delete('IDEMPOTENCY_IN_FLIGHT');

    expect(answers.size).toBe(1);
    expect(await customersOf(corporationId)).toEqual([{ id: [...answers][0] }]);
  });

  test('survives a restart', async () => {
    const corporation_id = await service.current.newCorporation();
    const idempotencyKey = key();
    const first = await overRest({ corporation_id, name: 'Acme' }, idempotencyKey);
    await service.current.stop();
    await service.current.open();
    const repeat = await overRest({ corporation_id, name: 'Acme' }, idempotencyKey);
    expect(repeat.body).toEqual(first.body);
  });
});
