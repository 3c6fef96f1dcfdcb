import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { storageKind } from './support/database.js';
import { type Face, faces, type ListRequest, type Page, restFace } from './support/faces.js';
import { type Json, Service, useService } from './support/service.js';

const customers = [
  { name: 'Acme Corporation', email: 'contact@acme.com', externalId: 'gid://app/Customer/1' },
  { name: 'Globex', sourcePlatform: 'shopify', sourcePlatformId: '1' },
  { name: 'Straße & Söhne', sourcePlatform: 'shopify', sourcePlatformId: '2' },
  { name: 'ΣΊΣΥΦΟΣ', sourcePlatform: 'stripe', sourcePlatformId: '1' },
  { name: '100% Juice', email: 'juice@acme.com' },
  { name: 'acme labs' },
];

const filters: [filter: ListRequest['filter'], names: string[]][] = [
  [{ name: 'Globex' }, ['Globex']],
  [{ name: 'globex' }, []],
  [{ name: '100% Juice' }, ['100% Juice']],
  [{ search: 'ACME' }, ['acme labs', 'Acme Corporation']],
  [{ search: 'acme corporation' }, ['Acme Corporation']],
  [{ search: 'strasse' }, ['Straße & Söhne']],
  [{ search: 'STRAẞE' }, ['Straße & Söhne']],
  [{ search: 'SÖHNE' }, ['Straße & Söhne']],
  [{ search: 'so\u0308hne' }, ['Straße & Söhne']],
  [{ search: 'σίσυφος' }, ['ΣΊΣΥΦΟΣ']],
  [{ search: 'rp' }, ['Acme Corporation']],
  [{ search: '"' }, []],
  [{ search: '"OR"' }, []],
  [{ search: '0%' }, ['100% Juice']],
  [{ search: '%' }, ['100% Juice']],
  [{ search: '_' }, []],
  [{ email: 'contact@acme.com' }, ['Acme Corporation']],
  [{ email: 'Contact@acme.com' }, []],
  [{ externalId: 'gid://app/Customer/1' }, ['Acme Corporation']],
  [{ sourcePlatforms: ['shopify'] }, ['Straße & Söhne', 'Globex']],
  [{ sourcePlatforms: ['stripe', 'shopify'], sourcePlatformIds: ['1'] }, ['ΣΊΣΥΦΟΣ', 'Globex']],
  [{ search: 'acme', email: 'juice@acme.com' }, []],
];

describe.each(faces)('the list of customers over $name', (face: Face) => {
  const holder = useService();
  let corporationId: string;

  beforeAll(async () => {
    corporationId = await holder.current.newCorporation();
    for (const customer of customers) {
      await face.create(holder.current, { corporationId, ...customer });
    }
  });

  const list = (request: ListRequest = {}) =>
    face.list(holder.current, { corporationId, ...request });

  async function page(request: ListRequest = {}): Promise<Page> {
    const answer = await list(request);
    if ('code' in answer || 'customer' in answer) throw new Error(JSON.stringify(answer));
    return answer;
  }

  test('begins with the newest, and counts them all', async () => {
    const { names, total, next } = await page();
    expect(names).toEqual(customers.map(({ name }) => name).reverse());
    expect(total).toBe(6);
    expect(next).toBeNull();
  });

  test.each(filters)('with %j has %j', async (filter, names) => {
    const found = await page({ filter });
    expect(found.names).toEqual(names);
    expect(found.total).toBe(names.length);
  });

  test('sees what was just written', async () => {
    const filter = { search: 'just written' };
    expect((await page({ filter })).total).toBe(0);
    const other = await holder.current.newCorporation();
    const input = { corporationId: other, name: 'Just Written' };
    await face.create(holder.current, input);
    const answer = await face.list(holder.current, { corporationId: other, filter });
    expect(answer).toMatchObject({ names: ['Just Written'], total: 1 });
  });

  test.each([
    ['a size of 0', { size: 0 }, 'first', 'OUT_OF_RANGE'],
    ['a size of -1', { size: -1 }, 'first', 'OUT_OF_RANGE'],
    ['a size of 101', { size: 101 }, 'first', 'OUT_OF_RANGE'],
    ['a cursor that is none', { cursor: 'nonsense' }, 'after', 'INVALID_CURSOR'],
    ['an empty cursor', { cursor: '' }, 'after', 'INVALID_CURSOR'],
    ['a cursor for something else', { cursor: 'ImNvcnBfMSI' }, 'after', 'INVALID_CURSOR'],
    ['a cursor made up', { cursor: 'ImN1c3RfXHUwMDAwIg' }, 'after', 'INVALID_CURSOR'],
    ['an empty search', { filter: { search: '' } }, 'search', 'TOO_SHORT'],
    ['no such corporation', { corporationId: 'corp_none' }, 'corporationId', 'NOT_FOUND'],
  ])('refuses %s, naming it', async (_, request, field, code) => {
    const spelled: Json = {
      GraphQL: {
        first: 'first',
        after: 'after',
        search: 'filter.search',
        corporationId: 'corporationId',
      },
      REST: {
        first: 'limit',
        after: 'cursor',
        search: 'search_term',
        corporationId: 'corporation_id',
      },
    };
    expect(await list(request)).toEqual({
      code: 'INVALID_INPUT',
      issues: [{ path: spelled[face.name][field], code }],
    });
  });

  test('has no customer twice and misses none while others come and go', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.constantFrom('create', 'delete-shown', 'delete-new', 'none'), {
          minLength: 20,
          maxLength: 20,
        }),
        async (size, changes) => {
          const corporationId = await holder.current.newCorporation();
          const inputs = Array.from({ length: 20 }, (_, i) => ({
            corporationId,
            name: `Old ${i}`,
          }));
          await face.createMany(holder.current, inputs);

          const seen: { id: string; name: string }[] = [];
          const newIds: string[] = [];
          let cursor: string | null = null;
          do {
            const answer = (await face.list(holder.current, {
              corporationId,
              size,
              cursor,
            })) as Page;
            seen.push(...answer.ids.map((id, i) => ({ id, name: answer.names[i] ?? '' })));
            cursor = answer.next;

            const change = changes.pop();
            if (change === 'create') {
              const input = { corporationId, name: 'New' };
              const created = await face.create(holder.current, input);
              if ('customer' in created) newIds.push(created.customer.id);
            }
            // The last one shown is what the cursor points at.
            if (change === 'delete-shown') {
              await face.remove(holder.current, seen.at(-1)?.id ?? '');
            }
            if (change === 'delete-new') await face.remove(holder.current, newIds.pop() ?? '');
          } while (cursor !== null);

          const old = seen.filter(({ name }) => name !== 'New').map(({ name }) => name);
          expect(old).toEqual(inputs.map(({ name }) => name).reverse());
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('customers(…) over GraphQL', () => {
  const holder = useService();
  let corporationId: string;
  const names = Array.from({ length: 7 }, (_, i) => `Customer ${i}`);

  beforeAll(async () => {
    corporationId = await holder.current.newCorporation();
    const body = { customers: names.map((name) => ({ corporation_id: corporationId, name })) };
    await holder.current.post('/customers/bulk', body);
  });

  const query = /* GraphQL */ `
    query ($corporationId: ID!, $filter: CustomerFilter, $first: Int, $after: String, $last: Int, $before: String, $orderBy: CustomerOrder) {
      customers(corporationId: $corporationId, filter: $filter, first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  `;

  async function page(variables: Json) {
    const { body } = await holder.current.graphql(query, { corporationId, ...variables });
    const { edges, pageInfo } = body.data.customers;
    return { names: edges.map(({ node }: Json) => node.name), edges, pageInfo };
  }

  const newestFirst = names.toReversed();

  test('goes forward to the end and back to the beginning, in both orders', async () => {
    for (const orderBy of ['NEWEST_FIRST', 'OLDEST_FIRST']) {
      const all = orderBy === 'NEWEST_FIRST' ? newestFirst : names;
      const first = await page({ orderBy, first: 3 });
      const second = await page({ orderBy, first: 3, after: first.pageInfo.endCursor });
      const third = await page({ orderBy, first: 3, after: second.pageInfo.endCursor });
      const back = await page({ orderBy, last: 3, before: third.pageInfo.startCursor });
      const end = await page({ orderBy, last: 2 });

      expect([first, second, third, back, end].map(({ names }) => names)).toEqual([
        all.slice(0, 3),
        all.slice(3, 6),
        all.slice(6),
        all.slice(3, 6),
        all.slice(5),
      ]);
      const more = [first, second, third, back, end].map(({ pageInfo }) => [
        pageInfo.hasPreviousPage,
        pageInfo.hasNextPage,
      ]);
      expect(more).toEqual([
        [false, true],
        [true, true],
        [true, false],
        [true, true],
        [true, false],
      ]);
    }
  });

  test('has what lies between two cursors', async () => {
    const { edges } = await page({ first: 7 });
    const between = await page({ after: edges[1].cursor, before: edges[5].cursor });
    expect(between.names).toEqual(newestFirst.slice(2, 5));
    expect(between.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  });

  test('has 10 on a page unless told', async () => {
    const other = await holder.current.newCorporation();
    const body = { customers: Array(11).fill({ corporation_id: other, name: 'Acme' }) };
    await holder.current.post('/customers/bulk', body);
    const { names } = await page({ corporationId: other });
    expect(names).toHaveLength(10);
  });

  test('has a page info with nulls where there is nothing', async () => {
    const { edges, pageInfo } = await page({ corporationId: 'corp_123' });
    expect(edges).toEqual([]);
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    });
  });

  test('refuses first with last, and tells everything that is wrong', async () => {
    const both = await holder.current.graphql(query, { corporationId, first: 1, last: 1 });
    const more = await holder.current.graphql(query, {
      ...{ corporationId, first: 0, last: 1, before: 'x' },
      filter: { sourcePlatforms: [...Array(100).fill('shopify'), ''] },
    });
    expect(both.body.errors).toMatchObject([
      {
        message: 'last must not be given together with first',
        extensions: { code: 'INVALID_INPUT', issues: [{ path: ['last'] }] },
      },
    ]);
    expect(more.body.errors[0].extensions.issues).toMatchObject([
      { path: ['filter', 'sourcePlatforms', '100'], code: 'TOO_SHORT' },
      { path: ['filter', 'sourcePlatforms'], code: 'TOO_MANY' },
      { path: ['first'], code: 'OUT_OF_RANGE' },
      { path: ['before'], code: 'INVALID_CURSOR' },
      { path: ['last'], code: 'MUTUALLY_EXCLUSIVE' },
    ]);
  });

  test('is there on a corporation too', async () => {
    const { body } = await holder.current.graphql(
      /* GraphQL */ `
        query ($id: ID!) {
          corporation(id: $id) {
            customers(first: 2, filter: { search: "CUSTOMER" }, orderBy: OLDEST_FIRST) {
              totalCount
              nodes { name }
            }
          }
        }
      `,
      { id: corporationId },
    );
    expect(body.data.corporation.customers).toEqual({
      totalCount: 7,
      nodes: [{ name: 'Customer 0' }, { name: 'Customer 1' }],
    });
  });
});

describe('GET /customers', () => {
  const holder = useService();

  test('answers the documented reply', async () => {
    const corporation_id = await holder.current.newCorporation();
    const created = await holder.current.post('/customers', { corporation_id, name: 'Acme' });
    const { status, body } = await holder.current.get(
      `/api/v1/customers?corporation_id=${corporation_id}`,
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { customers: [created.body.data], total_customers: 1, cursor: null },
      message: 'Successfully fetched customers.',
    });
  });

  test.each([
    ['', [['corporation_id', 'REQUIRED']]],
    [
      '?corporation_id=corp_123&first=1&page=2&constructor=1',
      [
        ['first', 'UNKNOWN_FIELD'],
        ['page', 'UNKNOWN_FIELD'],
        ['constructor', 'UNKNOWN_FIELD'],
      ],
    ],
    ['?corporation_id=corp_123&corporationId=corp_123', [['corporationId', 'UNKNOWN_FIELD']]],
    ['?corporation_id=corp_123&limit=ten', [['limit', 'INVALID_TYPE']]],
    ['?corporation_id=corp_123&limit=', [['limit', 'INVALID_TYPE']]],
    ['?corporation_id=corp_123&limit=1.5', [['limit', 'INVALID_TYPE']]],
    ['?corporation_id=corp_123&limit=1&limit=2', [['limit', 'INVALID_TYPE']]],
    ['?corporation_id=corp_123&name=a&name=b', [['name', 'INVALID_TYPE']]],
    ['?corporation_id=corp_123&source_platforms=', [['source_platforms', 'TOO_SHORT']]],
  ])('refuses "%s", naming each parameter', async (query, issues) => {
    const { status, body } = await holder.current.get(`/customers${query}`);
    expect(status).toBe(400);
    expect(body.errors.map(({ path, code }: Json) => [path, code])).toEqual(issues);
  });
});

describe('the list of corporations', () => {
  const holder = useService();
  const query = /* GraphQL */ `
    query ($first: Int, $after: String) {
      corporations(first: $first, after: $after) {
        nodes { id }
        totalCount
        pageInfo { hasNextPage endCursor }
      }
    }
  `;

  test('is the same over both faces, newest first, page by page', async () => {
    const ids: string[] = ['corp_123'];
    for (let i = 0; i < 4; i++) ids.unshift(await holder.current.newCorporation());

    const overRest: string[] = [];
    const overGraphql: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next ? `&cursor=${next}` : '';
      const { body } = await holder.current.get(`/corporations?limit=2${cursor}`);
      expect(body.data.total_corporations).toBe(5);
      overRest.push(...body.data.corporations.map(({ id }: Json) => id));
      next = body.data.cursor;
    }
    let after: string | null = null;
    do {
      const { body } = await holder.current.graphql(query, { first: 2, after });
      const { nodes, totalCount, pageInfo } = body.data.corporations;
      expect(totalCount).toBe(5);
      overGraphql.push(...nodes.map(({ id }: Json) => id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);

    expect(overRest).toEqual(ids);
    expect(overGraphql).toEqual(ids);
  });

  test('has only those that the token reaches', async () => {
    const mine = await holder.current.newCorporation();
    const token = await holder.current.issueToken({ corporationIds: [mine] });
    const { body } = await holder.current.get('/corporations', { token });
    expect(body.data).toMatchObject({ corporations: [{ id: mine }], total_corporations: 1 });
  });

  test('refuses what it does not take', async () => {
    const { status, body } = await holder.current.get('/corporations?limit=0&cursor=x&name=A');
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { path: 'limit', code: 'OUT_OF_RANGE' },
      { path: 'cursor', code: 'INVALID_CURSOR' },
      { path: 'name', code: 'UNKNOWN_FIELD' },
    ]);
  });
});

describe.each(faces)('the list of thousands of customers over $name', (face: Face) => {
  const holder = useService();
  let corporationId: string;

  /** Customers that nobody looks for, as many as make the service use its search index. */
  async function createOthers(corporationId: string, from: number, to: number): Promise<void> {
    for (let made = from; made < to; made += 500) {
      const others = Array.from({ length: 500 }, (_, index) => ({
        corporationId,
        name: `Zzz ${made + index}`,
        email: `${made + index}@example.com`,
        sourcePlatform: 'elsewhere',
        sourcePlatformId: `z${made + index}`,
      }));
      await face.createMany(holder.current, others);
    }
  }

  beforeAll(async () => {
    corporationId = await holder.current.newCorporation();
    await createOthers(corporationId, 0, 1500);
    for (const customer of customers) {
      await face.create(holder.current, { corporationId, ...customer });
    }
    await createOthers(corporationId, 1500, 3000);
    // The same in another corporation, which no list of this one may show.
    const elsewhere = await holder.current.newCorporation();
    for (const { externalId: _, ...customer } of customers) {
      await face.create(holder.current, { corporationId: elsewhere, ...customer });
    }
  });

  async function find(filter: ListRequest['filter']): Promise<Page> {
    const answer = await face.list(holder.current, { corporationId, filter });
    if ('code' in answer || 'customer' in answer) throw new Error(JSON.stringify(answer));
    return answer;
  }

  test.each(filters)('with %j has %j', async (filter, names) => {
    const found = await find(filter);
    expect(found.names).toEqual(names);
    expect(found.total).toBe(names.length);
  });

  test('counts them all, and those of a filter that many match', async () => {
    expect((await find({})).total).toBe(3000 + customers.length);
    expect((await find({ search: 'zzz' })).total).toBe(3000);
    expect((await find({ sourcePlatforms: ['elsewhere', 'shopify'] })).total).toBe(3002);
  });

  test('goes on page by page through what a filter finds', async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const request: ListRequest = { corporationId, filter: { search: 'zzz 29' }, size: 40 };
      const answer = await face.list(holder.current, { ...request, ...(cursor && { cursor }) });
      names.push(...(answer as Page).names);
      cursor = (answer as Page).next;
    } while (cursor);
    const expected = [29, ...range(290, 300), ...range(2900, 3000)].map((n) => `Zzz ${n}`);
    expect(names).toEqual(expected.reverse());
  });

  test('finds a customer as it is now, and no longer as it was', async () => {
    const input = { name: 'Initech', email: 'a@initech.com', sourcePlatformId: 'before' };
    const made = await face.create(holder.current, { corporationId, ...input });
    const { id } = (made as { customer: Json }).customer;
    // Enough behind it that it is in the index, and not merely among the newest.
    await createOthers(await holder.current.newCorporation(), 0, 1500);

    await face.update(holder.current, id, { name: 'Umbrella', sourcePlatformId: 'after' });
    expect((await find({ search: 'initech' })).total).toBe(0);
    expect((await find({ sourcePlatformIds: ['before'] })).total).toBe(0);
    expect((await find({ name: 'Umbrella' })).ids).toEqual([id]);
    expect((await find({ search: 'umbr' })).ids).toEqual([id]);
    expect((await find({ sourcePlatformIds: ['after'] })).ids).toEqual([id]);
    expect((await find({ email: 'a@initech.com' })).ids).toEqual([id]);

    await face.update(holder.current, id, { name: 'Umbrella, Inc' });
    await face.update(holder.current, id, { name: 'Umbrella. Inc' });
    expect((await find({ search: 'rella. inc' })).ids).toEqual([id]);

    const taken = { name: 'Hooli', externalId: 'gid://app/Customer/1' };
    expect(await face.update(holder.current, id, taken)).toMatchObject({ code: 'CONFLICT' });
    expect((await find({ search: 'hooli' })).total).toBe(0);
    expect((await find({ search: 'rella. inc' })).ids).toEqual([id]);

    await face.remove(holder.current, id);
    expect((await find({ search: 'umbr' })).total).toBe(0);
    expect((await find({})).total).toBe(3000 + customers.length);
  });

  test('counts one that goes, whether it came long ago or just now', async () => {
    const corporationId = await holder.current.newCorporation();
    const total = async () => {
      const answer = await face.list(holder.current, { corporationId, filter: {} });
      return (answer as Page).total;
    };
    const create = async () => {
      const made = await face.create(holder.current, { corporationId, name: 'Comes and goes' });
      return (made as { customer: Json }).customer.id as string;
    };

    const old = await create();
    await createOthers(corporationId, 0, 1500);
    const recent = await create();
    expect(await total()).toBe(1502);
    await face.remove(holder.current, old);
    expect(await total()).toBe(1501);
    await face.remove(holder.current, recent);
    expect(await total()).toBe(1500);
    // By now what came and went is behind the end of the index.
    await createOthers(corporationId, 1500, 3000);
    expect(await total()).toBe(3000);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('the list of tens of thousands of customers', () => {
  const holder = useService();
  const rare = [5, 11_999, 12_000, 24_999];
  let corporationId: string;

  beforeAll(async () => {
    corporationId = await holder.current.newCorporation();
    for (const from of range(0, 50).map((n) => n * 500)) {
      const inputs = range(from, from + 500).map((n) => ({
        corporationId,
        name: rare.includes(n) ? `Hooli Q7 ${n}` : `Acme ${n}`,
      }));
      await restFace.createMany(holder.current, inputs);
    }
  }, 30_000);

  test.each(faces)('has what a short part of a name finds, over $name', async ({ list }) => {
    const filter = { search: 'q7' };
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const request: ListRequest = { corporationId, filter, size: 3 };
      const page = (await list(holder.current, { ...request, ...(cursor && { cursor }) })) as Page;
      expect(page.total).toBe(rare.length);
      names.push(...page.names);
      cursor = page.next;
    } while (cursor);
    expect(names).toEqual(rare.toReversed().map((n) => `Hooli Q7 ${n}`));
  });

  test('goes forward and backward through it over GraphQL', async () => {
    const query = /* GraphQL */ `
      query ($corporationId: ID!, $first: Int, $last: Int) {
        customers(
          corporationId: $corporationId
          filter: { search: "q7" }
          orderBy: OLDEST_FIRST
          first: $first
          last: $last
        ) {
          nodes { name }
          pageInfo { hasNextPage hasPreviousPage }
        }
      }
    `;
    const namesOf = async (page: Json) => {
      const { body } = await holder.current.graphql(query, { corporationId, ...page });
      return body.data.customers.nodes.map(({ name }: Json) => name);
    };
    expect(await namesOf({ first: 2 })).toEqual(['Hooli Q7 5', 'Hooli Q7 11999']);
    expect(await namesOf({ last: 2 })).toEqual(['Hooli Q7 12000', 'Hooli Q7 24999']);
    expect(await namesOf({ first: 100 })).toHaveLength(4);
  });
});

test.runIf(storageKind === 'sqlite')(
  'few customers are indexed too, as soon as no more come, also by the next start',
  async () => {
    const service = await Service.start();
    const create = (email: string) =>
      service.post('/customers', { corporation_id: 'corp_123', name: 'Acme', email });
    const allAreIndexed = async () => {
      const [row] = await service.rows(
        'select (select max(seq) from customers) = indexed_through as yes from search_index_state',
      );
      return row?.yes === 1;
    };

    await create('first@acme.com');
    await vi.waitUntil(allAreIndexed, { timeout: 20_000 });
    await create('second@acme.com');
    await service.stop();
    await service.open();
    await vi.waitUntil(allAreIndexed, { timeout: 20_000 });
    for (const email of ['first@acme.com', 'second@acme.com']) {
      const found = await service.get(`/customers?corporation_id=corp_123&email=${email}`);
      expect(found.body.data.customers).toMatchObject([{ email }]);
    }
    await service.destroy();
  },
  60_000,
);

test.runIf(storageKind === 'sqlite')(
  'the index is merged as it grows, so that a search has few segments to look at',
  async () => {
    const service = await Service.start();
    for (let call = 0; call < 15; call++) {
      const customers = Array.from({ length: 500 }, (_, at) => ({
        corporation_id: 'corp_123',
        name: `Acme ${call * 500 + at}`,
      }));
      expect((await service.post('/customers/bulk', { customers })).status).toBe(200);
    }
    const allAreIndexed = async () => {
      const [row] = await service.rows('select indexed_through from search_index_state');
      return row?.indexed_through === 7500;
    };
    await vi.waitUntil(allAreIndexed, { timeout: 20_000 });
    for (const table of ['customer_names', 'customer_words']) {
      const [row] = await service.rows(
        `select count(distinct segid) as segments from ${table}_idx`,
      );
      // FTS5 makes one of each batch of 500, and merges none by itself before there are 16.
      expect(row?.segments).toBeLessThan(8);
    }
    await service.destroy();
  },
  60_000,
);
