import { describe, expect, onTestFinished, test } from 'vitest';
import { toWireName } from '../src/rest/names.js';
import { columns } from '../src/transfer/format.js';
import { faces, fromPage } from './support/faces.js';
import { type Json, Service, useService } from './support/service.js';

/** What both faces make of an input: the row that is kept, or the code and the issues. */
type Case = {
  title: string;
  input: Json;
  row?: Json;
  code?: string;
  issues?: Record<string, string>;
};

const address = {
  line1: '123 Main St',
  line2: 'Suite 100',
  city: 'San Francisco',
  state: 'CA',
  postalCode: '94105',
  country: 'US',
};
const noAddress = {
  line1: null,
  line2: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
};

function valid(title: string, input: Json, row: Json): Case {
  return { title, input: { name: 'Acme', ...input }, row };
}

function invalid(title: string, input: Json, issues: Record<string, string>): Case {
  return { title, input: { name: 'Acme', ...input }, code: 'INVALID_INPUT', issues };
}

const cases: Case[] = [
  valid('the least there must be', {}, { name: 'Acme', email: null, shipping_address: null }),
  valid(
    'every field',
    {
      name: 'Acme Corporation',
      email: 'contact@acme.com',
      externalId: 'ext_456',
      shippingAddress: address,
      sourcePlatform: 'shopify',
      sourcePlatformId: 'gid://shopify/Customer/7',
    },
    {
      name: 'Acme Corporation',
      email: 'contact@acme.com',
      external_id: 'ext_456',
      shipping_address: address,
      source_platform: 'shopify',
      source_platform_id: 'gid://shopify/Customer/7',
      version: 1,
    },
  ),
  valid(
    'null where nothing has to be',
    {
      email: null,
      externalId: null,
      shippingAddress: null,
      sourcePlatform: null,
      sourcePlatformId: null,
    },
    {
      email: null,
      external_id: null,
      shipping_address: null,
      source_platform: null,
      source_platform_id: null,
    },
  ),
  valid('white space around the name', { name: '  Acme \t' }, { name: 'Acme' }),
  valid('a name of 3 characters outside the BMP', { name: '𝒜𝒸𝓂' }, { name: '𝒜𝒸𝓂' }),
  valid('a name of 255 characters', { name: '名'.repeat(255) }, { name: '名'.repeat(255) }),
  valid('an emoji made of several', { name: '👩‍🚀 Ltd' }, { name: '👩‍🚀 Ltd' }),
  valid('quotes and SQL in the name', { name: `O'Hara"; --` }, { name: `O'Hara"; --` }),
  valid('white space around the e-mail', { email: ' A.b+c@x.io ' }, { email: 'A.b+c@x.io' }),
  valid(
    'an external id that is a URI',
    { externalId: 'gid://app/Customer/1' },
    { external_id: 'gid://app/Customer/1' },
  ),
  valid('an external id kept as it is', { externalId: ' Ä ' }, { external_id: ' Ä ' }),
  valid(
    'an external id of 255 characters',
    { externalId: 'x'.repeat(255) },
    { external_id: 'x'.repeat(255) },
  ),
  valid(
    'a country in lower case',
    { shippingAddress: { country: 'de' } },
    { shipping_address: { ...noAddress, country: 'DE' } },
  ),
  valid(
    'blank address lines, as none',
    { shippingAddress: { line1: ' Main St 1 ', line2: '', city: ' ' } },
    { shipping_address: { ...noAddress, line1: 'Main St 1' } },
  ),
  valid('an empty address, as none', { shippingAddress: {} }, { shipping_address: null }),
  valid('an address of nulls, as none', { shippingAddress: noAddress }, { shipping_address: null }),

  invalid('a name of 2 characters', { name: 'ab' }, { name: 'TOO_SHORT' }),
  invalid('a name of 2 characters outside the BMP', { name: '𝒜𝒸' }, { name: 'TOO_SHORT' }),
  invalid('a name that is white space', { name: '     ' }, { name: 'TOO_SHORT' }),
  invalid('an empty name', { name: '' }, { name: 'TOO_SHORT' }),
  invalid('a name of 256 characters', { name: 'x'.repeat(256) }, { name: 'TOO_LONG' }),
  invalid('a line break in the name', { name: 'Acme\nLtd' }, { name: 'INVALID_CHARACTERS' }),
  invalid('NUL in the name', { name: 'Acme\0' }, { name: 'INVALID_CHARACTERS' }),
  invalid('a lone surrogate in the name', { name: 'Acme\ud800' }, { name: 'INVALID_CHARACTERS' }),
  invalid('U+2028 in the name', { name: 'Ac\u2028me' }, { name: 'INVALID_CHARACTERS' }),
  valid(
    'an e-mail with signs',
    { email: "r&d!#$%'*+/=?^_`{|}~-.x@sub.acme-inc.com" },
    { email: "r&d!#$%'*+/=?^_`{|}~-.x@sub.acme-inc.com" },
  ),
  invalid('an e-mail of other letters', { email: 'ünï@acme.com' }, { email: 'INVALID_EMAIL' }),
  invalid('an e-mail with a space', { email: 'r d@acme.com' }, { email: 'INVALID_EMAIL' }),
  invalid('an e-mail without a name', { email: '@acme.com' }, { email: 'INVALID_EMAIL' }),
  invalid('an e-mail with two dots', { email: 'r..d@acme.com' }, { email: 'INVALID_EMAIL' }),
  invalid('an e-mail without @', { email: 'contact.acme.com' }, { email: 'INVALID_EMAIL' }),
  invalid('an e-mail without a dot', { email: 'contact@acme' }, { email: 'INVALID_EMAIL' }),
  invalid('an empty e-mail', { email: '' }, { email: 'INVALID_EMAIL' }),
  invalid('NUL in the e-mail', { email: 'a\0@x.io' }, { email: 'INVALID_EMAIL' }),
  invalid(
    'an e-mail of 255 characters',
    { email: `${'a'.repeat(250)}@x.io` },
    { email: 'TOO_LONG' },
  ),
  invalid('an empty external id', { externalId: '' }, { externalId: 'TOO_SHORT' }),
  invalid(
    'an external id of 256 characters',
    { externalId: 'x'.repeat(256) },
    { externalId: 'TOO_LONG' },
  ),
  invalid('a tab in the external id', { externalId: 'a\tb' }, { externalId: 'INVALID_CHARACTERS' }),
  invalid('an empty source platform', { sourcePlatform: '' }, { sourcePlatform: 'TOO_SHORT' }),
  invalid(
    'a long source platform id',
    { sourcePlatformId: 'x'.repeat(256) },
    { sourcePlatformId: 'TOO_LONG' },
  ),
  invalid(
    'a country that is none',
    { shippingAddress: { country: 'XX' } },
    { 'shippingAddress.country': 'INVALID_COUNTRY' },
  ),
  invalid(
    'a country of three letters',
    { shippingAddress: { country: 'USA' } },
    { 'shippingAddress.country': 'INVALID_COUNTRY' },
  ),
  invalid(
    'a long address line and a long postal code',
    { shippingAddress: { line1: 'x'.repeat(256), postalCode: '9'.repeat(33) } },
    { 'shippingAddress.line1': 'TOO_LONG', 'shippingAddress.postalCode': 'TOO_LONG' },
  ),
  invalid(
    'a corporation that does not exist',
    { corporationId: 'corp_none' },
    { corporationId: 'NOT_FOUND' },
  ),
  invalid('an empty corporation id', { corporationId: '' }, { corporationId: 'TOO_SHORT' }),
  invalid(
    'everything wrong at once',
    {
      corporationId: 'corp_none',
      name: 'a\0',
      email: 'no',
      externalId: '',
      shippingAddress: { city: 'x'.repeat(300), country: 'nowhere' },
    },
    {
      corporationId: 'NOT_FOUND',
      name: 'TOO_SHORT',
      email: 'INVALID_EMAIL',
      externalId: 'TOO_SHORT',
      'shippingAddress.city': 'TOO_LONG',
      'shippingAddress.country': 'INVALID_COUNTRY',
    },
  ),
];

test('a customer has the same fields over both faces, and in a file', async () => {
  const service = await Service.start();
  onTestFinished(() => service.destroy());
  const query = '{ __type(name: "Customer") { fields { name } } }';
  const schema = (await service.graphql(query)).body.data.__type.fields;
  const body = { corporation_id: 'corp_123', name: 'Acme', shipping_address: { city: 'Oslo' } };
  const { data } = (await service.post('/customers', body)).body;

  const overGraphql = schema.map(({ name }: { name: string }) => toWireName(name));
  const ofOutputs = ['created_at', 'updated_at', 'version'];
  expect(overGraphql.toSorted()).toEqual(['corporation', ...Object.keys(data)].toSorted());
  expect(
    [...new Set(columns.map((column) => column.split('.')[0])), ...ofOutputs].toSorted(),
  ).toEqual(Object.keys(data).toSorted());
  expect(columns.filter((column) => column.includes('.'))).toEqual(
    Object.keys(data.shipping_address).map((line) => `shipping_address.${line}`),
  );
});

describe.each([...faces, ...faces.map(fromPage)])('createCustomer over $name', (face) => {
  // Two hundred at once are more than are worked on unless told.
  const service = useService({ CONCURRENCY_LIMIT: '1000' });

  test.each(cases)('$title', async ({ input, row, code, issues = {} }) => {
    const corporationId = await service.current.newCorporation();
    const outcome = await face.create(service.current, { corporationId, ...input });
    const rows = await service.current.rows(
      'select * from customers where corporation_id = ?',
      corporationId,
    );

    if (row) {
      expect(outcome).toHaveProperty('customer');
      expect(rows).toHaveLength(1);
      const kept = rows[0] as Json;
      kept.shipping_address = JSON.parse(kept.shipping_address);
      expect(kept).toMatchObject(row);
    } else {
      // A text may break several rules at once; one issue for each field is enough here.
      const found = Object.fromEntries(
        'issues' in outcome ? outcome.issues.toReversed().map((i) => [i.path, i.code]) : [],
      );
      const expected = Object.entries(issues).map(([path, issue]) => [face.spell(path), issue]);
      expect(outcome).toMatchObject({ code });
      expect(found).toEqual(Object.fromEntries(expected));
      expect(rows).toEqual([]);
    }
  });

  test('an external id that another customer of the corporation has', async () => {
    const corporationId = await service.current.newCorporation();
    const input = { corporationId, name: 'Acme', externalId: 'ext_1' };
    await face.create(service.current, input);

    const outcome = await face.create(service.current, { ...input, name: 'Globex' });

    expect(outcome).toMatchObject({
      code: 'CONFLICT',
      issues: [{ path: face.spell('externalId'), code: 'CONFLICT' }],
      existing: { name: 'Acme', externalId: 'ext_1' },
    });
  });

  test('an external id that a customer of another corporation has', async () => {
    for (const corporationId of [
      await service.current.newCorporation(),
      await service.current.newCorporation(),
    ]) {
      const input = { corporationId, name: 'Acme', externalId: 'ext_1' };
      expect(await face.create(service.current, input)).toHaveProperty('customer');
    }
  });

  test('a corporation out of the reach of the token is none', async () => {
    const [mine, other] = [
      await service.current.newCorporation(),
      await service.current.newCorporation(),
    ];
    const token = await service.current.issueToken({ corporationIds: [mine] });
    const create = (corporationId: string) =>
      face.create(service.current, { corporationId, name: 'Acme' }, { token });

    expect(await create(mine)).toHaveProperty('customer');
    expect(await create(other)).toEqual({
      code: 'INVALID_INPUT',
      issues: [{ path: face.spell('corporationId'), code: 'NOT_FOUND' }],
    });
    expect(await create(other)).toEqual(await create('corp_none'));
  });

  test('a token that may only read', async () => {
    const token = await service.current.issueToken({ right: 'read' });
    const input = { corporationId: 'corp_123', name: 'Acme' };

    const outcome = await face.create(service.current, input, { token });

    expect(outcome).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('two hundred creates at once make as many customers', async () => {
    const corporationId = await service.current.newCorporation();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        face.create(service.current, { corporationId, name: `Customer ${i}` }),
      ),
    );

    const ids = outcomes.map((outcome) => 'customer' in outcome && outcome.customer.id);
    expect(new Set(ids).size).toBe(200);
    const [count] = await service.current.rows(
      'select count(*) as n from customers where corporation_id = ?',
      corporationId,
    );
    expect(count).toEqual({ n: 200 });
  });

  test('one of many creates of the same external id wins', async () => {
    const corporationId = await service.current.newCorporation();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        face.create(service.current, { corporationId, name: `Customer ${i}`, externalId: 'one' }),
      ),
    );

    expect(outcomes.filter((outcome) => 'customer' in outcome)).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => 'code' in outcome && outcome.code === 'CONFLICT'),
    ).toHaveLength(49);
  });
});
