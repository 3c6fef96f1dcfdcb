import { reaches, requireReader, type Viewer } from '../access/viewer.js';
import { InvalidInputError } from '../errors.js';
import { type Connection, paginate } from '../paging.js';
import type { Storage } from '../storage/storage.js';
import { validate } from '../validation/validate.js';
import type { Customer } from './customer.js';
import { customerCursor, listArguments } from './input.js';
import { noSuchCorporation } from './issues.js';

export function createReads(storage: Storage, { pageLimit }: { pageLimit: number }) {
  const argumentsOfList = listArguments(pageLimit);

  return {
    /**
     * The customer, or null when there is none or it is out of the viewer's reach.
     * Throws `UnauthenticatedError`, `UnavailableError`.
     */
    async byId(viewer: Viewer | null, id: string): Promise<Customer | null> {
      const reader = requireReader(viewer);
      const customer = await storage.customers.byId(id);
      return customer && reaches(reader, customer.corporationId) ? customer : null;
    },

    /** As `byId`, by the caller's own identifier. */
    async byExternalId(
      viewer: Viewer | null,
      corporationId: string,
      externalId: string,
    ): Promise<Customer | null> {
      const reader = requireReader(viewer);
      return reaches(reader, corporationId)
        ? storage.customers.byExternalId(corporationId, externalId)
        : null;
    },

    /**
     * A page of the customers of a corporation, as `listArguments` asks for it.
     * Throws `InvalidInputError`, `UnauthenticatedError`, `UnavailableError`.
     */
    async list(viewer: Viewer | null, args: unknown): Promise<Connection<Customer>> {
      const reader = requireReader(viewer);
      const { data, issues } = validate(argumentsOfList, args);
      if (issues) throw new InvalidInputError(issues);

      const { corporationId, filter, orderBy, ...page } = data;
      const exists =
        reaches(reader, corporationId) && (await storage.corporations.byId(corporationId));
      if (!exists) throw new InvalidInputError([noSuchCorporation(['corporationId'])]);

      return paginate(page, customerCursor, {
        order: orderBy === 'OLDEST_FIRST' ? 'ascending' : 'descending',
        positionOf: (customer) => customer.id,
        scan: (scan) => storage.customers.scan(corporationId, filter, scan),
        count: () => storage.customers.count(corporationId, filter),
      });
    },
  };
}
