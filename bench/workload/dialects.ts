import { type ReferenceCustomer, toWire } from './reference.js';

/** The five fields of an answer, as they came. */
export type Created = {
  id: unknown;
  name: unknown;
  email: unknown;
  corporationId: unknown;
  createdAt: unknown;
};

/** How a server is asked to create a customer, and how it says that it did. */
export type Dialect = {
  path: string;
  body(customer: ReferenceCustomer): string;
  /** What was created; null when the answer is a refusal. */
  created(answer: unknown): Created | null;
};

const fields = 'id name email corporationId createdAt';

/** Clientele's GraphQL face: a union, of which a careful client asks for the errors too. */
export const clienteleGraphql: Dialect = {
  path: '/graphql',
  body: (input) =>
    JSON.stringify({
      query:
        'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename ' +
        `... on CreateCustomerSuccess { customer { ${fields} } } ` +
        '... on Error { code message } } }',
      variables: { input },
    }),
  created: (answer) =>
    (answer as { data?: { createCustomer?: { customer?: Created } } | null }).data?.createCustomer
      ?.customer ?? null,
};

/** The other GraphQL servers: the customer, or a top-level error. */
export const plainGraphql: Dialect = {
  path: '/graphql',
  body: (input) =>
    JSON.stringify({
      query: `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { ${fields} } }`,
      variables: { input },
    }),
  created: (answer) =>
    (answer as { data?: { createCustomer?: Created } | null }).data?.createCustomer ?? null,
};

/** PostGraphile makes its schema of the tables. */
export const postgraphile: Dialect = {
  path: '/graphql',
  body: (customer) =>
    JSON.stringify({
      query:
        'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) ' +
        `{ customer { ${fields} } } }`,
      variables: { input: { customer } },
    }),
  created: clienteleGraphql.created,
};

export const rest: Dialect = {
  path: '/customers',
  body: (customer) => JSON.stringify(toWire(customer)),
  created(answer) {
    const { id, name, email, corporation_id, created_at } = answer as Record<string, unknown>;
    if (id === undefined) return null;
    return { id, name, email, corporationId: corporation_id, createdAt: created_at };
  },
};
