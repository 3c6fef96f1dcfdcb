import type { Json, SendOptions, Service } from './service.js';

/** What came of a create, in the same words for both faces. */
export type Outcome =
  | { customerId: string }
  | { code: string; issues: { path: string; code: string }[] };

export type Face = {
  name: string;
  /** Creates a customer from an input in camelCase. */
  create(service: Service, input: Json, options?: SendOptions): Promise<Outcome>;
  /** How this face spells the path to a field of the input, given in camelCase. */
  spell(path: string): string;
};

export const graphqlFace: Face = {
  name: 'GraphQL',
  spell: (path) => ['input', ...path.split('.')].join('.'),
  async create(service, input, options) {
    const { body } = await service.graphql(createCustomer, { input }, options);
    if (body.errors) return { code: body.errors[0].extensions.code, issues: [] };
    const result = body.data.createCustomer;
    if (result.customer) return { customerId: result.customer.id };
    const issues = result.issues ?? (result.path ? [{ path: result.path, code: 'CONFLICT' }] : []);
    return {
      code: result.code,
      issues: issues.map((issue: Json) => ({ path: issue.path.join('.'), code: issue.code })),
    };
  },
};

export const restFace: Face = {
  name: 'REST',
  spell: snakeCase,
  async create(service, input, options) {
    const { body } = await service.post('/customers', spellNames(input), options);
    if (body.id) return { customerId: body.id };
    return {
      code: body.code,
      issues: (body.errors ?? []).map(({ path, code }: Json) => ({ path, code })),
    };
  },
};

export const faces = [graphqlFace, restFace];

export const createCustomer = /* GraphQL */ `
  mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      __typename
      ... on CreateCustomerSuccess {
        replayed
        customer {
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
      }
      ... on InvalidInputError { issues { path code message } }
      ... on ConflictError { path existing { id name } }
      ... on Error { code message }
    }
  }
`;

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function spellNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [snakeCase(name), spellNames(item)]),
  );
}
