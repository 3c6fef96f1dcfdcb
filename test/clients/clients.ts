import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { CombinedError, fetchExchange, Client as UrqlClient } from '@urql/core';
import { type DocumentNode, OperationTypeNode } from 'graphql';
import { ClientError, GraphQLClient } from 'graphql-request';
import { possibleTypes } from './possibleTypes.js';

type Fields = Record<string, unknown>;

/** A GraphQL client as its users set it up, behind the one call that the tests make. */
export type Connected = {
  run<Data extends Fields, Variables extends Fields>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
};

export type ClientLibrary = {
  name: string;
  connect(url: string, token: string | null): Connected;
  /** The codes of the top-level errors that the client threw, read as its users read them. */
  codesOf(error: unknown): unknown[];
};

export const clients: ClientLibrary[] = [
  {
    name: 'graphql-request',
    connect(url, token) {
      const client = new GraphQLClient(url, { headers: bearer(token) });
      return { run: (document, variables) => client.request({ document, variables } as never) };
    },
    codesOf(error) {
      if (!(error instanceof ClientError)) throw error;
      return (error.response.errors ?? []).map(({ extensions }) => extensions?.code);
    },
  },
  {
    name: 'urql',
    connect(url, token) {
      const client = new UrqlClient({
        url,
        exchanges: [fetchExchange],
        fetchOptions: { headers: bearer(token) },
        preferGetMethod: true,
      });
      return {
        async run(document, variables) {
          const { data, error } = isMutation(document)
            ? await client.mutation(document, variables)
            : await client.query(document, variables);
          if (error) throw error;
          if (data === undefined) throw new Error('There are neither data nor errors.');
          return data;
        },
      };
    },
    codesOf(error) {
      if (!(error instanceof CombinedError)) throw error;
      return error.graphQLErrors.map(({ extensions }) => extensions.code);
    },
  },
  {
    name: 'Apollo Client',
    connect(uri, token) {
      const client = new ApolloClient({
        link: new HttpLink({ uri, headers: bearer(token) }),
        // Without them its cache takes nothing from a fragment on an interface.
        cache: new InMemoryCache({ possibleTypes }),
      });
      return {
        async run(document, variables) {
          const { data } = isMutation(document)
            ? await client.mutate({ mutation: document, variables } as never)
            : await client.query({ query: document, variables } as never);
          return data as never;
        },
      };
    },
    codesOf(error) {
      if (!CombinedGraphQLErrors.is(error)) throw error;
      return error.errors.map(({ extensions }) => extensions?.code);
    },
  },
];

function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

function isMutation({ definitions }: DocumentNode): boolean {
  const [first] = definitions;
  return first?.kind === 'OperationDefinition' && first.operation === OperationTypeNode.MUTATION;
}
