import fc from 'fast-check';

/** Customers that are there again before each round, under these ids. */
export const knownIds = Array.from({ length: 8 }, (_, n) => `cust_01h${'z'.repeat(22)}${n}`);
export const corporationIds = ['corp_123', 'corp_456'];

/** Stands in the data of customers, and so must be in no log and in no error but to its sender. */
export const privateText = 'Zqxprivate';

const fineNames = [
  'Acme Corporation',
  `${privateText} Ltd`,
  'Ärzte-Kammer 株式会社',
  'Zoë 👩‍👩‍👧 & Co.',
  '  padded  ',
  'x'.repeat(255),
  '😀'.repeat(255),
  "'; drop table customers; --",
  '<script>alert(1)</script>',
];

const oddTexts = [
  ...['', ' ', '\0', 'ab', 'a\nb', '\u202e', '\ufeff', '\u2028', '\u0085', '\ud800', 'x\udfff'],
  ...['x'.repeat(256), '😀'.repeat(256), 'x'.repeat(5000), '__proto__', 'constructor', 'ß', 'ı'],
  ...['../../etc/passwd', '%00', '%ff', '{{7*7}}', 'null', 'cust_', '"', '\\', 'us', 'UK', 'XX'],
];

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...fineNames, ...oddTexts),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

export const fineName = fc.oneof(
  fc.constantFrom(...fineNames),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }).map((rest) => `Mr ${rest}.`),
);
export const externalId = fc.oneof(
  fc.nat({ max: 30 }).map((n) => `ext_${n}`),
  fc.uuid(),
);
export const customerId = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...knownIds) },
  { weight: 1, arbitrary: fc.constantFrom('cust_none', 'corp_123', '') },
  { weight: 1, arbitrary: text },
);
export const corporationId = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...corporationIds) },
  { weight: 1, arbitrary: fc.constantFrom('corp_none', knownIds[0] ?? '') },
);
export const idempotencyKey = fc.oneof(
  fc.nat({ max: 20 }).map((n) => `key_${n}`),
  fc.uuid(),
);

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** JSON of a type that the place where it is put mostly does not take. */
export const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', '0', '-0', '1e400', '-1e-400', '123456789012345678901234567890', '0.1'],
    ...['[]', '{}', '[null]', '{"a":{"b":{"c":{}}}}', '{"__proto__":{"name":"Polluted"}}', '""'],
    ...['{"constructor":{"prototype":{"admin":true}}}', '"\\ud83d"', '"\\u0000"', '[[],{},""]'],
    ...['{"toString":null,"valueOf":1}', '{"":{"":""}}', '{"length":1e9,"0":1}'],
    ...[nested(20), nested(40), nested(5000), '{"a":'.repeat(31) + 1 + '}'.repeat(31)],
  ),
  fc.json({ maxDepth: 3 }),
  text.map((value) => JSON.stringify(value)),
);

type Spelling = (name: string) => string;
/** An object's members as written, which may have one name several times. */
type Members = [name: string, json: string][];

export const asRest: Spelling = (name) => name;
export const asGraphql: Spelling = (name) =>
  name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

const json = (arbitrary: fc.Arbitrary<unknown>) =>
  arbitrary.map((value) => JSON.stringify(value) ?? 'null');

const lines = ['line1', 'line2', 'city', 'state', 'postal_code', 'country'];
const addressLine = fc.oneof(json(fc.constantFrom('1 Main St', 'US', '', null, '94105')), oddJson);
const fineAddress = fc.constantFrom(
  { line1: '1 Main St', line2: null, city: 'Köln', state: '', postal_code: '50667', country: 'de' },
  { line1: null, line2: ' ', city: null, state: null, postal_code: null, country: null },
);

export function writeObject(members: Members, spell: Spelling = asRest): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(spell(name))}:${value}`).join()}}`;
}

const member = (name: string, value: fc.Arbitrary<string>) =>
  fc.tuple(fc.constant(name), value) as fc.Arbitrary<Members[number]>;

const fineAddressJson = (spell: Spelling) =>
  fineAddress.map((address) =>
    writeObject(
      Object.entries(address).map(([name, value]) => [name, JSON.stringify(value)]),
      spell,
    ),
  );

const oddMember = (spell: Spelling): fc.Arbitrary<Members[number]> =>
  fc.oneof(
    member('name', fc.oneof(json(text), oddJson)),
    member('corporation_id', fc.oneof(json(corporationId), json(text), oddJson)),
    member('email', fc.oneof(json(fc.constantFrom('ada@example.com', 'a@b', null)), oddJson)),
    member('external_id', fc.oneof(json(externalId), oddJson)),
    member('source_platform', fc.oneof(json(text), oddJson)),
    member('source_platform_id', fc.oneof(json(text), oddJson)),
    member('id', json(customerId)),
    member('version', oddJson),
    fc
      .tuple(
        fc.constantFrom('__proto__', 'constructor', 'toString', '', 'no such', '\ud800'),
        oddJson,
      )
      .map(([name, value]): Members[number] => [name, value]),
    member(
      'shipping_address',
      fc.oneof(
        oddJson,
        fineAddressJson(spell),
        fc
          .array(fc.tuple(fc.constantFrom(...lines, '__proto__', 'zip'), addressLine), {
            maxLength: 7,
          })
          .map((members) => writeObject(members as Members, spell)),
      ),
    ),
  );

/** The fields of a customer, all of them in order. */
export const fineFields = (spell: Spelling): fc.Arbitrary<Members> =>
  fc
    .tuple(
      member('name', json(fineName)),
      fc.option(member('email', json(fc.oneof(fc.emailAddress(), fc.constant(null))))),
      fc.option(member('shipping_address', fineAddressJson(spell))),
      fc.option(member('source_platform', json(fc.constantFrom('shopify', null)))),
      fc.option(member('source_platform_id', json(fc.constantFrom('1', '👍', null)))),
    )
    .map((members) => members.filter((one) => one !== null));

/** A customer that may be created, if nobody has its external id. */
export const fineCustomer = (spell: Spelling): fc.Arbitrary<Members> =>
  fc
    .tuple(
      fineFields(spell),
      member('corporation_id', json(fc.constantFrom(...corporationIds))),
      fc.option(member('external_id', json(externalId))),
    )
    .map(([fields, corporation, external]) => [
      ...fields,
      corporation,
      ...(external ? [external] : []),
    ]);

/** As it, with members that are wrong, unknown or there twice. */
export const oddCustomer = (spell: Spelling): fc.Arbitrary<Members> =>
  fc
    .tuple(
      fc.oneof(fineCustomer(spell), fc.constant([] as Members)),
      fc.array(oddMember(spell), { maxLength: 4 }),
    )
    .map(([fine, odd]) => [...fine, ...odd]);

export const oddFields = (spell: Spelling): fc.Arbitrary<Members> =>
  fc
    .tuple(
      fc.oneof(fineFields(spell), fc.constant([] as Members)),
      fc.array(oddMember(spell), { maxLength: 3 }),
    )
    .map(([fine, odd]) => [...fine, ...odd]);
