import type { Client, Json, Reply, SendOptions } from './client.js';

/** What came of a write, in the same words for both faces. */
export type Outcome =
  | { customer: Json; created?: boolean; replayed: boolean }
  | { code: string; issues: { path: string; code: string }[]; current?: Json; existing?: Json };

export type Page = { ids: string[]; names: string[]; total: number; next: string | null };

export type ListRequest = {
  corporationId?: string;
  filter?: Json;
  size?: number | undefined;
  cursor?: string | null;
};

/** A face, spoken to in camelCase and in the terms of the service. */
export type Face = {
  name: string;
  create(service: Client, input: Json, options?: IdempotentOptions): Promise<Outcome>;
  /** Over REST the key is for the call; over GraphQL each of the inputs may have one of its own. */
  createMany(service: Client, inputs: Json[], options?: IdempotentOptions): Promise<Outcome[]>;
  update(service: Client, id: string, fields: Json, options?: ChangeOptions): Promise<Outcome>;
  upsert(service: Client, input: Json, options?: ChangeOptions): Promise<Outcome>;
  remove(service: Client, id: string, options?: ChangeOptions): Promise<Outcome>;
  read(service: Client, id: string, options?: SendOptions): Promise<Json | null>;
  list(service: Client, request: ListRequest, options?: SendOptions): Promise<Page | Outcome>;
  /** How this face spells the path to a field of the input of a create, given in camelCase. */
  spell(path: string): string;
};

export type IdempotentOptions = SendOptions & { idempotencyKey?: string | undefined };
export type ChangeOptions = IdempotentOptions & { expectedVersion?: number | undefined };

export const customerFields = /* GraphQL */ `
  fragment customer on Customer {
    id
    corporationId
    name
    email
    externalId
    shippingAddress { line1 line2 city state postalCode country }
    sourcePlatform
    sourcePlatformId
    version
    createdAt
    updatedAt
  }
`;

const errorFields = /* GraphQL */ `
  ... on InvalidInputError { issues { path code message } }
  ... on ConflictError { path existing { ...customer } }
  ... on Error { code message }
`;

const changeErrors = /* GraphQL */ `
  ${errorFields}
  ... on NotFoundError { id }
  ... on VersionMismatchError { current { ...customer } }
`;

export const createCustomer = /* GraphQL */ `
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      __typename
      ... on CreateCustomerSuccess { replayed customer { ...customer } }
      ${errorFields}
    }
  }
  ${customerFields}
`;

export const createCustomers = /* GraphQL */ `
  mutation ($inputs: [CreateCustomerInput!]!) {
    createCustomers(inputs: $inputs) {
      ... on CreateCustomerSuccess { replayed customer { ...customer } }
      ${errorFields}
    }
  }
  ${customerFields}
`;

const updateCustomer = /* GraphQL */ `
  mutation ($input: UpdateCustomerInput!) {
    result: updateCustomer(input: $input) {
      ... on UpdateCustomerSuccess { replayed customer { ...customer } }
      ${changeErrors}
    }
  }
  ${customerFields}
`;

const upsertCustomer = /* GraphQL */ `
  mutation ($input: UpsertCustomerInput!) {
    result: upsertCustomer(input: $input) {
      ... on UpsertCustomerSuccess { replayed created customer { ...customer } }
      ... on InvalidInputError { issues { path code message } }
      ... on VersionMismatchError { current { ...customer } }
      ... on Error { code message }
    }
  }
  ${customerFields}
`;

const deleteCustomer = /* GraphQL */ `
  mutation ($input: DeleteCustomerInput!) {
    result: deleteCustomer(input: $input) {
      ... on DeleteCustomerSuccess { replayed id }
      ... on InvalidInputError { issues { path code message } }
      ... on VersionMismatchError { current { ...customer } }
      ... on Error { code message }
    }
  }
  ${customerFields}
`;

const listCustomers = /* GraphQL */ `
  query ($corporationId: ID!, $filter: CustomerFilter, $first: Int, $after: String) {
    customers(corporationId: $corporationId, filter: $filter, first: $first, after: $after) {
      nodes { id name }
      totalCount
      pageInfo { hasNextPage endCursor }
    }
  }
`;

export const graphqlFace: Face = {
  name: 'GraphQL',
  spell: (path) => `input.${path}`,
  async create(service, input, { idempotencyKey, ...options } = {}) {
    const variables = { input: { ...(idempotencyKey && { idempotencyKey }), ...input } };
    const reply = await service.graphql(createCustomer, variables, options);
    return toOutcome(reply, (data) => data.createCustomer);
  },
  async createMany(service, inputs, options) {
    const reply = await service.graphql(createCustomers, { inputs }, options);
    if (reply.body.errors) return [toOutcome(reply, (data) => data.createCustomers)];
    return reply.body.data.createCustomers.map(fromResult);
  },
  async update(service, id, fields, { expectedVersion, idempotencyKey, ...options } = {}) {
    const input = { id, expectedVersion, idempotencyKey, ...fields };
    const reply = await service.graphql(updateCustomer, { input }, options);
    return toOutcome(reply, (data) => data.result);
  },
  async upsert(service, input, { expectedVersion, idempotencyKey, ...options } = {}) {
    const variables = { input: { ...input, expectedVersion, idempotencyKey } };
    const reply = await service.graphql(upsertCustomer, variables, options);
    return toOutcome(reply, (data) => data.result);
  },
  async remove(service, id, { expectedVersion, idempotencyKey, ...options } = {}) {
    const input = { id, expectedVersion, idempotencyKey };
    const reply = await service.graphql(deleteCustomer, { input }, options);
    return toOutcome(reply, (data) => data.result);
  },
  async read(service, id, options) {
    const query = `query ($id: ID!) { customer(id: $id) { ...customer } } ${customerFields}`;
    return (await service.graphql(query, { id }, options)).body.data.customer;
  },
  async list(service, { corporationId, filter, size, cursor }, options) {
    const variables = { corporationId, filter, first: size, after: cursor };
    const { body } = await service.graphql(listCustomers, variables, options);
    if (body.errors) {
      const { code, issues = [] } = body.errors[0].extensions;
      return {
        code,
        issues: issues.map((issue: Json) => ({ path: issue.path.join('.'), code: issue.code })),
      };
    }
    const { nodes, totalCount, pageInfo } = body.data.customers;
    return {
      ids: nodes.map(({ id }: Json) => id),
      names: nodes.map(({ name }: Json) => name),
      total: totalCount,
      next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    };
  },
};

function toOutcome({ body }: Reply, select: (data: Json) => Json): Outcome {
  if (body.errors) return { code: body.errors[0].extensions.code, issues: [] };
  return fromResult(select(body.data));
}

function fromResult({ message: _, __typename: __, ...result }: Json): Outcome {
  if (!result.code) return { replayed: false, customer: { id: result.id }, ...result };
  const issues = result.issues ?? (result.path ? [{ path: result.path, code: 'CONFLICT' }] : []);
  return {
    code: result.code,
    issues: issues.map((issue: Json) => ({ path: issue.path.join('.'), code: issue.code })),
    ...(result.current && { current: result.current }),
    ...(result.existing && { existing: result.existing }),
  };
}

export const restFace: Face = {
  name: 'REST',
  spell: snakeCase,
  async create(service, input, options = {}) {
    const sent = { ...options, headers: changeHeaders(options) };
    return fromReply(await service.post('/customers', spellNames(input), sent));
  },
  async createMany(service, inputs, options = {}) {
    const sent = { ...options, headers: changeHeaders(options) };
    const reply = await service.post('/customers/bulk', spellNames({ customers: inputs }), sent);
    if (reply.status !== 200) return [fromReply(reply)];
    return reply.body.data.results.map(({ status, customer, error }: Json) =>
      fromReply({ ...reply, status, body: customer ?? error }),
    );
  },
  async update(service, id, fields, options = {}) {
    const path = `/customers/${encodeURIComponent(id)}`;
    const sent = { method: 'PATCH', ...options, headers: changeHeaders(options) };
    return fromReply(await service.post(path, spellNames(fields), sent));
  },
  async upsert(service, { corporationId, externalId, ...fields }, options = {}) {
    const query = new URLSearchParams({ corporation_id: corporationId, external_id: externalId });
    const sent = { method: 'PUT', ...options, headers: changeHeaders(options) };
    const reply = await service.post(`/customers?${query}`, spellNames(fields), sent);
    const outcome = fromReply(reply);
    return 'customer' in outcome ? { ...outcome, created: reply.status === 201 } : outcome;
  },
  async remove(service, id, options = {}) {
    const path = `/customers/${encodeURIComponent(id)}`;
    const sent = { method: 'DELETE', ...options, headers: changeHeaders(options) };
    const reply = await service.get(path, sent);
    return fromReply(reply.status === 204 ? { ...reply, body: { id } } : reply);
  },
  async read(service, id, options) {
    const { status, body } = await service.get(`/customers/${encodeURIComponent(id)}`, options);
    return status === 200 ? toCamel(body.data) : null;
  },
  async list(service, { corporationId, filter = {}, size, cursor }, options) {
    const { search, ...rest } = filter;
    const given = {
      corporationId,
      limit: size,
      cursor,
      ...rest,
      ...(search !== undefined && { searchTerm: search }),
    };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) {
      if (value != null) query.set(snakeCase(name), String(value));
    }
    const { status, body } = await service.get(`/customers?${query}`, options);
    if (status !== 200) return fromReply({ status, body, headers: new Headers() });
    const { customers, total_customers, cursor: next } = body.data;
    return {
      ids: customers.map(({ id }: Json) => id),
      names: customers.map(({ name }: Json) => name),
      total: total_customers,
      next,
    };
  },
};

export const faces = [graphqlFace, restFace];

/** The headers of a page of another origin. What programs ask goes past Hono, what pages ask through it. */
export const ofPage = { Origin: 'https://app.example.com' };

/** A face that creates as such a page does. */
export function fromPage(face: Face): Face {
  return {
    ...face,
    name: `${face.name} from a page`,
    create: (service, input, { headers, ...options } = {}) =>
      face.create(service, input, { ...options, headers: { ...ofPage, ...headers } }),
  };
}

function changeHeaders({ expectedVersion, idempotencyKey, headers }: ChangeOptions) {
  return {
    ...headers,
    ...(expectedVersion === 0 && { 'If-None-Match': '*' }),
    ...(expectedVersion && { 'If-Match': `"${expectedVersion}"` }),
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  };
}

function fromReply({ status, headers, body }: Reply): Outcome {
  if (status < 300) {
    const { data: _, message: __, ...customer } = body;
    return {
      customer: toCamel(customer),
      replayed: headers.get('idempotent-replayed') === 'true',
    };
  }
  return {
    code: body.code,
    issues: (body.errors ?? []).map(({ path, code }: Json) => ({ path, code })),
    ...(body.current && { current: toCamel(body.current) }),
    ...(body.existing && { existing: toCamel(body.existing) }),
  };
}

/** A customer of the REST face in camelCase, its times as the GraphQL face has them, in seconds. */
function toCamel(value: unknown): Json {
  return JSON.parse(JSON.stringify(value), (_, item) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item).map(([name, inner]) => [
            name.replace(/_([a-z])/g, (__, letter) => letter.toUpperCase()),
            inner,
          ]),
        )
      : item,
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function spellNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spellNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [snakeCase(name), spellNames(item)]),
  );
}
