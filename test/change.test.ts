import { describe, expect, test } from 'vitest';
import { type Face, faces, type Outcome } from './support/faces.js';
import { type Json, useService } from './support/service.js';

const address = {
  line1: '123 Main St',
  line2: null,
  city: 'San Francisco',
  state: 'CA',
  postalCode: '94105',
  country: 'US',
};

describe.each(faces)('over $name', (face: Face) => {
  const holder = useService();

  async function newCustomer(fields: Json = {}): Promise<Json> {
    const corporationId = await holder.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ext_1', ...fields };
    return customerOf(await face.create(holder.current, input));
  }

  const update = (customer: Json, fields: Json, options = {}) =>
    face.update(holder.current, customer.id, fields, options);

  describe('an update', () => {
    test('leaves what is absent and clears what is null', async () => {
      const before = await newCustomer({ email: 'a@x.io', shippingAddress: address });

      const after = customerOf(await update(before, { name: ' Globex ', email: null }));

      expect(after).toMatchObject({
        id: before.id,
        name: 'Globex',
        email: null,
        externalId: 'ext_1',
        shippingAddress: address,
        version: 2,
        createdAt: before.createdAt,
      });
      expect(await face.read(holder.current, before.id)).toEqual(after);
    });

    test('replaces a shipping address as a whole, or clears it', async () => {
      const before = await newCustomer({ shippingAddress: address });
      const moved = await update(before, { shippingAddress: { country: 'de' } });
      const gone = await update(before, { shippingAddress: null });

      const nothing = Object.fromEntries(Object.keys(address).map((line) => [line, null]));
      expect(customerOf(moved).shippingAddress).toEqual({ ...nothing, country: 'DE' });
      expect(customerOf(gone).shippingAddress).toBeNull();
    });

    test('that changes nothing leaves the version as it is', async () => {
      const before = await newCustomer({ email: 'a@x.io', shippingAddress: address });
      const same = { name: 'Acme', email: ' a@x.io ', shippingAddress: address };
      for (const fields of [{}, same]) {
        expect(customerOf(await update(before, fields))).toEqual(before);
      }
    });

    test('finds everything wrong at once, and changes nothing then', async () => {
      const before = await newCustomer();

      const refused = await update(before, { name: null, email: 'no', externalId: '' });

      expect(refused).toEqual({
        code: 'INVALID_INPUT',
        issues: [
          { path: face.spell('name'), code: 'REQUIRED' },
          { path: face.spell('email'), code: 'INVALID_EMAIL' },
          { path: face.spell('externalId'), code: 'TOO_SHORT' },
        ],
      });
      expect(await face.read(holder.current, before.id)).toEqual(before);
    });

    test('to an external id that is taken is a conflict with who has it', async () => {
      const first = await newCustomer();
      const second = customerOf(
        await face.create(holder.current, {
          corporationId: first.corporationId,
          name: 'Globex',
          externalId: 'ext_2',
        }),
      );
      expect(await update(second, { externalId: 'ext_1' })).toEqual({
        code: 'CONFLICT',
        issues: [{ path: face.spell('externalId'), code: 'CONFLICT' }],
        existing: first,
      });
    });

    test('of no customer is NOT_FOUND', async () => {
      const refused = await face.update(holder.current, 'cust_none', { name: 'Globex' });
      expect(refused).toMatchObject({ code: 'NOT_FOUND' });
    });

    test('expecting an older version is refused with the customer as it is', async () => {
      const before = await newCustomer();
      const current = customerOf(await update(before, { name: 'Globex' }, { expectedVersion: 1 }));
      const refused = await update(before, { name: 'Initech' }, { expectedVersion: 1 });
      expect(refused).toEqual({ code: 'VERSION_MISMATCH', issues: [], current });
    });

    test('wins alone when many expect the same version', async () => {
      const before = await newCustomer();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          update(before, { name: `Name ${i}` }, { expectedVersion: 1 }),
        ),
      );
      expect(outcomes.filter((outcome) => 'customer' in outcome)).toHaveLength(1);
      expect(await face.read(holder.current, before.id)).toMatchObject({ version: 2 });
    });

    test('many at once each count', async () => {
      const before = await newCustomer();
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => update(before, { name: `Name ${i}` })),
      );
      expect(await face.read(holder.current, before.id)).toMatchObject({ version: 21 });
    });
  });

  describe('a delete', () => {
    test('takes the customer away and frees its external id', async () => {
      const customer = await newCustomer();
      const outcome = await face.remove(holder.current, customer.id);

      expect(customerOf(outcome)).toEqual({ id: customer.id });
      expect(await face.read(holder.current, customer.id)).toBeNull();
      const { corporationId } = customer;
      const input = { corporationId, name: 'Globex', externalId: 'ext_1' };
      expect(await face.create(holder.current, input)).toHaveProperty('customer');
    });

    test('of no customer is NOT_FOUND', async () => {
      const customer = await newCustomer();
      await face.remove(holder.current, customer.id);
      for (const id of [customer.id, 'cust_none']) {
        expect(await face.remove(holder.current, id)).toMatchObject({ code: 'NOT_FOUND' });
      }
    });

    test('expecting an older version is refused', async () => {
      const before = await newCustomer();
      const current = customerOf(await update(before, { name: 'Globex' }));
      const refused = await face.remove(holder.current, before.id, { expectedVersion: 1 });
      expect(refused).toEqual({ code: 'VERSION_MISMATCH', issues: [], current });
      expect(await face.read(holder.current, before.id)).toEqual(current);
    });
  });

  describe('an upsert', () => {
    const upsert = (input: Json, options = {}) => face.upsert(holder.current, input, options);

    test('creates, then changes, then does nothing', async () => {
      const corporationId = await holder.current.newCorporation();
      const input = { corporationId, externalId: 'gid://app/Customer/1?a=b&c', name: 'Acme' };

      const created = await upsert({ ...input, email: 'a@x.io' });
      const changed = await upsert({ ...input, name: 'Globex' });
      const same = await upsert({ ...input, name: 'Globex' });

      expect(created).toMatchObject({ created: true, customer: { ...input, version: 1 } });
      expect(changed).toMatchObject({
        created: false,
        customer: { id: customerOf(created).id, name: 'Globex', email: null, version: 2 },
      });
      expect(same).toEqual(changed);
    });

    test('creates once when many race', async () => {
      const corporationId = await holder.current.newCorporation();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          upsert({ corporationId, externalId: 'one', name: `Name ${i}` }),
        ),
      );
      expect(outcomes.filter((outcome) => 'created' in outcome && outcome.created)).toHaveLength(1);
      expect(new Set(outcomes.map((outcome) => customerOf(outcome).id)).size).toBe(1);
      expect(
        await holder.current.rows(
          'select version from customers where corporation_id = ?',
          corporationId,
        ),
      ).toEqual([{ version: 50 }]);
    });

    test('expecting a version changes that one only', async () => {
      const corporationId = await holder.current.newCorporation();
      const input = { corporationId, externalId: 'one', name: 'Acme' };

      expect(await upsert(input, { expectedVersion: 1 })).toMatchObject({ code: 'NOT_FOUND' });
      await upsert(input);
      const changed = await upsert({ ...input, name: 'Globex' }, { expectedVersion: 1 });
      expect(changed).toMatchObject({ created: false, customer: { name: 'Globex', version: 2 } });
      expect(await upsert(input, { expectedVersion: 1 })).toEqual({
        code: 'VERSION_MISMATCH',
        issues: [],
        current: customerOf(changed),
      });
    });

    test('expecting none creates only', async () => {
      const corporationId = await holder.current.newCorporation();
      const input = { corporationId, externalId: 'one', name: 'Acme' };

      const created = await upsert(input, { expectedVersion: 0 });
      expect(created).toMatchObject({ created: true });
      expect(await upsert({ ...input, name: 'Globex' }, { expectedVersion: 0 })).toEqual({
        code: 'VERSION_MISMATCH',
        issues: [],
        current: customerOf(created),
      });
    });

    test('finds everything wrong at once', async () => {
      const refused = await upsert({
        corporationId: 'corp_none',
        externalId: '',
        name: 'A',
        email: 'no',
      });
      expect(refused).toEqual({
        code: 'INVALID_INPUT',
        issues: [
          { path: face.spell('corporationId'), code: 'NOT_FOUND' },
          { path: face.spell('name'), code: 'TOO_SHORT' },
          { path: face.spell('email'), code: 'INVALID_EMAIL' },
          { path: face.spell('externalId'), code: 'TOO_SHORT' },
        ],
      });
    });
  });

  describe('an idempotency key', () => {
    const idempotencyKey = () => ({ idempotencyKey: crypto.randomUUID() });

    test('makes a repeated update answer as the first did, whatever came in between', async () => {
      const before = await newCustomer();
      const key = idempotencyKey();
      const first = await update(before, { name: 'Globex' }, key);
      await update(before, { name: 'Initech' });
      const repeat = await update(before, { name: 'Globex' }, key);

      expect(repeat).toEqual({ ...first, replayed: true });
      expect(await face.read(holder.current, before.id)).toMatchObject({ name: 'Initech' });
    });

    test('makes a repeated upsert say once more that it created', async () => {
      const corporationId = await holder.current.newCorporation();
      const key = idempotencyKey();
      const input = { corporationId, externalId: 'one', name: 'Acme' };
      const first = await face.upsert(holder.current, input, key);
      const repeat = await face.upsert(holder.current, input, key);
      expect(first).toMatchObject({ created: true, replayed: false });
      expect(repeat).toEqual({ ...first, replayed: true });
    });

    test('makes a repeated delete succeed again', async () => {
      const customer = await newCustomer();
      const key = idempotencyKey();
      const first = await face.remove(holder.current, customer.id, key);
      const repeat = await face.remove(holder.current, customer.id, key);
      expect(repeat).toEqual({ ...first, replayed: true });
    });

    test('is refused with other fields, or another version expected', async () => {
      const before = await newCustomer();
      const key = idempotencyKey();
      await update(before, { name: 'Globex' }, key);
      const mismatch = { code: 'IDEMPOTENCY_MISMATCH', issues: [] };
      expect(await update(before, { name: 'Initech' }, key)).toEqual(mismatch);
      expect(await update(before, { name: 'Globex' }, { ...key, expectedVersion: 1 })).toEqual(
        mismatch,
      );
    });

    test('is not used up by a change that was refused', async () => {
      const before = await newCustomer();
      const key = idempotencyKey();
      await update(before, { name: 'A' }, key);
      await update(before, { name: 'Globex' }, { ...key, expectedVersion: 7 });
      expect(await update(before, { name: 'Globex' }, key)).toMatchObject({ replayed: false });
    });
  });

  describe('many creates in one call', () => {
    test('are each answered on their own, in order', async () => {
      const corporationId = await holder.current.newCorporation();
      const outcomes = await face.createMany(holder.current, [
        { corporationId, name: 'Acme', externalId: '1' },
        { corporationId, name: 'A', email: 'no' },
        { corporationId, name: 'Globex', externalId: '1' },
        { corporationId: 'corp_none', name: 'Initech' },
        { corporationId, name: 'Umbrella' },
      ]);

      const at = (index: number, path: string) =>
        face.name === 'REST' ? `customers.${index}.${face.spell(path)}` : `inputs.${index}.${path}`;
      const [first, ...others] = outcomes;
      expect(customerOf(first)).toMatchObject({ name: 'Acme', version: 1 });
      expect(others).toMatchObject([
        {
          code: 'INVALID_INPUT',
          issues: [
            { path: at(1, 'name'), code: 'TOO_SHORT' },
            { path: at(1, 'email'), code: 'INVALID_EMAIL' },
          ],
        },
        {
          code: 'CONFLICT',
          issues: [{ path: at(2, 'externalId'), code: 'CONFLICT' }],
          existing: customerOf(first),
        },
        { code: 'INVALID_INPUT', issues: [{ path: at(3, 'corporationId'), code: 'NOT_FOUND' }] },
        { customer: { name: 'Umbrella' } },
      ]);
      expect(
        await holder.current.rows(
          'select name from customers where corporation_id = ?',
          corporationId,
        ),
      ).toHaveLength(2);
    });

    test('may be 500, and neither none nor 501', async () => {
      const corporationId = await holder.current.newCorporation();
      const inputs = (length: number) =>
        Array.from({ length }, (_, i) => ({ corporationId, name: `Customer ${i}` }));

      const outcomes = await face.createMany(holder.current, inputs(500));
      expect(outcomes.map((outcome) => customerOf(outcome).name)).toEqual(
        inputs(500).map(({ name }) => name),
      );
      for (const length of [0, 501]) {
        const refused = await face.createMany(holder.current, inputs(length));
        expect(refused).toMatchObject([{ code: 'INVALID_INPUT' }]);
      }
      const [count] = await holder.current.rows(
        'select count(*) as n from customers where corporation_id = ?',
        corporationId,
      );
      expect(count).toEqual({ n: 500 });
    });
  });
});

function customerOf(outcome: Outcome | undefined): Json {
  if (!outcome || !('customer' in outcome)) {
    throw new Error(`No customer came of it: ${JSON.stringify(outcome)}`);
  }
  return outcome.customer;
}
