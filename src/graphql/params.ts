import { useAPQ } from '@graphql-yoga/plugin-apq';
import { parseRequestParams, type Request, type RequestParams, type Response } from 'graphql-http';
import type { GraphQLParams } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../http/context.js';

type GraphqlRequest = Request<RequestContext, unknown>;

/** How many documents are kept, and what they may be together, in bytes. */
const [maxDocuments, maxBytes] = [1000, 1_000_000];

/**
 * Reads the parameters of requests as graphql-http does, and knows automatic persisted queries, by Yoga's
 * plugin: a client sends the hash of a document in place of one that was sent before
 * (https://www.apollographql.com/docs/apollo-server/performance/apq).
 *
 * Resolves to a response for what graphql-http refuses by a status alone, and rejects with an error whose
 * message says what else is wrong; with a `GraphQLError` it is `PERSISTED_QUERY_NOT_FOUND`, or
 * `PERSISTED_QUERY_MISMATCH` for a document of another hash. Documents of more than `maxDocumentBytes`
 * are not kept.
 */
export function createParamsReader({ maxDocumentBytes }: { maxDocumentBytes: number }) {
  const documents = new LRUCache<string, string>({
    max: maxDocuments,
    maxSize: maxBytes,
    maxEntrySize: maxDocumentBytes,
    sizeCalculation: (document) => Buffer.byteLength(document) || 1,
  });
  const get = (hash: string) => documents.get(hash);
  const keeping = useAPQ({ store: { get, set: (hash, text) => documents.set(hash, text) } });
  // Nobody without a token can push out what the others have sent.
  const knowing = useAPQ({ store: { get, set() {} } });

  async function read(request: GraphqlRequest): Promise<RequestParams | Response> {
    const params = await parseRequestParams(withDocument(request));
    if (!('query' in params)) return params;
    const { viewer } = request.raw;
    let document: string | undefined = params.query || undefined;
    await (viewer ? keeping : knowing).onParams?.({
      params: { ...params, query: document } as GraphQLParams,
      setParams({ query }: GraphQLParams) {
        document = query;
      },
      fetchAPI: globalThis,
      // The plugin uses nothing else of what Yoga hands to it.
    } as never);
    return document === undefined ? parseRequestParams(request) : { ...params, query: document };
  }

  return (request: GraphqlRequest) =>
    mayHaveHash(request) ? read(request) : parseRequestParams(request);
}

/** Whether there may be `extensions.persistedQuery`. This much is done for every request. */
function mayHaveHash({ body, url }: GraphqlRequest): boolean {
  // By the end of the name, for its first letter is rare: the whole takes several times as long.
  return typeof body === 'string' ? body.includes('Query"') : url.includes('persistedQuery');
}

/** The request with an empty document where there is none, which graphql-http would refuse. */
function withDocument(request: GraphqlRequest): GraphqlRequest {
  const { body, url } = request;
  if (typeof body !== 'string') return { ...request, url: `${url}&query=` };
  return {
    ...request,
    body() {
      const sent = JSON.parse(body);
      // A text would be taken apart into its characters.
      if (typeof sent !== 'object' || sent === null) return sent;
      return { ...sent, query: sent.query ?? '' };
    },
  };
}
