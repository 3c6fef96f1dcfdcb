import type { LoadRequest } from '../../lib/wrk.js';
import { clienteleGraphql, rest } from '../../workload/dialects.js';
import { externalIdQuery, listQuery, totalCountQuery } from '../../workload/lists.js';
import { person } from '../../workload/population.js';
import { reference } from '../../workload/reference.js';
import { createRequest } from '../create.js';
import { customerQuery } from '../read.js';
import type { Served } from './database.js';

/** What must not take longer on a large database than on a small one. */
export type Operation = {
  name: string;
  method: 'GET' | 'POST';
  requests(served: Served): LoadRequest[];
};

/** How many different customers are asked for in turn. */
const different = 100;

const list = `/customers?corporation_id=${reference.corporationId}&limit=10`;

export const operations: Operation[] = [
  { name: 'create, GraphQL', method: 'POST', requests: () => [createRequest(clienteleGraphql)] },
  { name: 'create, REST', method: 'POST', requests: () => [createRequest(rest)] },
  graphql('get', ({ ids }) => ids.map(customerQuery)),
  {
    name: 'get, REST',
    method: 'GET',
    requests: ({ ids }) => ids.map((id) => ({ path: `/customers/${id}` })),
  },
  graphql('first page', () => [JSON.stringify(listQuery({}))]),
  { name: 'first page with its total, REST', method: 'GET', requests: () => [{ path: list }] },
  graphql('page at half of the depth', ({ middle }) => [
    JSON.stringify(listQuery({ after: middle })),
  ]),
  ofPeople('lookup by external id', ({ externalId }) => externalIdQuery(externalId)),
  filtered('email', ({ email }) => ({ email })),
  filtered('name', ({ name }) => ({ name })),
  // Every hundredth is of a small platform.
  filtered('sourcePlatforms', ({ sourcePlatform }) => ({ sourcePlatforms: [sourcePlatform] }), 100),
  filtered('sourcePlatformIds', ({ sourcePlatformId }) => ({
    sourcePlatformIds: [sourcePlatformId],
  })),
  graphql('totalCount, unfiltered', () => [JSON.stringify(totalCountQuery)]),
];

type Someone = ReturnType<typeof person>;

function graphql(name: string, bodies: (served: Served) => string[]): Operation {
  const requests = (served: Served) => bodies(served).map((body) => ({ path: '/graphql', body }));
  return { name: `${name}, GraphQL`, method: 'POST', requests };
}

function filtered(
  field: string,
  filter: (someone: Someone) => Record<string, string | string[]>,
  every = 1,
): Operation {
  return ofPeople(`filter by ${field}`, (someone) => listQuery({ filter: filter(someone) }), every);
}

/** Asks for people spread over the database. */
function ofPeople(name: string, body: (someone: Someone) => object, every = 1): Operation {
  return graphql(name, ({ size }) => {
    const step = Math.max(every, Math.floor(size / different / every) * every);
    return Array.from({ length: Math.ceil(size / step) }, (_, n) =>
      JSON.stringify(body(person(n * step, size))),
    );
  });
}
