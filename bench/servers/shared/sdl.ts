/** The schema of the servers that take one as text. */
export const typeDefs = /* GraphQL */ `
  type Query {
    apiVersion: String!
  }

  type Mutation {
    createCustomer(input: CreateCustomerInput!): Customer!
  }

  type Customer {
    id: ID!
    corporationId: ID!
    name: String!
    email: String
    externalId: String
    createdAt: String!
  }

  input CreateCustomerInput {
    corporationId: ID!
    name: String!
    email: String
    externalId: String
    shippingAddress: AddressInput
    sourcePlatform: String
    sourcePlatformId: String
  }

  input AddressInput {
    line1: String
    line2: String
    city: String
    state: String
    postalCode: String
    country: String
  }
`;
