import { mayRead, mayWrite, reaches, type Viewer } from '../access/viewer.js';
import { type InputIssue, InvalidInputError } from '../errors.js';
import type { Idempotency } from '../idempotency.js';
import { newId } from '../ids.js';
import type { Milliseconds, Storage } from '../storage/storage.js';
import { validate } from '../validation/validate.js';
import { ConflictError } from './conflict.js';
import type { Customer } from './customer.js';
import { createArguments } from './input.js';

/** `replayed`: answered from an earlier call with the same idempotency key. */
export type CreatedCustomer = { customer: Customer; replayed: boolean };

/** What may be done with customers. Every verb takes the viewer who asks. */
export type Customers = ReturnType<typeof createCustomers>;

export function createCustomers(
  storage: Storage,
  once: Idempotency,
  now: () => Milliseconds = Date.now,
) {
  return {
    /**
     * Creates a customer. The arguments are checked here, whatever a face has checked before:
     * `{ input, idempotencyKey }`, as in `createArguments`.
     * Throws `InvalidInputError`, `ConflictError`, `IdempotencyError`, `UnauthenticatedError`,
     * `ForbiddenError`, `UnavailableError`.
     */
    async create(viewer: Viewer | null, args: unknown): Promise<CreatedCustomer> {
      const writer = mayWrite(viewer);
      const { data, issues } = validate(createArguments, args);
      if (issues) throw new InvalidInputError(await withCorporationIssue(writer, args, issues));

      const { input, idempotencyKey } = data;
      if (!reaches(writer, input.corporationId)) throw new InvalidInputError([noSuchCorporation]);

      const call = {
        tokenId: writer.tokenId,
        operation: 'createCustomer',
        key: idempotencyKey,
        input,
      };
      const result = await once(call, (claim) => {
        const createdAt = now();
        const customer = {
          id: newId('cust'),
          ...input,
          version: 1,
          createdAt,
          updatedAt: createdAt,
        };
        return storage.customers.insert(customer, claim);
      });
      switch (result.outcome) {
        case 'written':
          return { customer: result.record, replayed: result.replayed };
        case 'external-id-taken':
          throw new ConflictError(['input', 'externalId'], result.existing);
        case 'no-such-corporation':
          throw new InvalidInputError([noSuchCorporation]);
      }
    },

    /** The customer, or null when there is none or it is out of the viewer's reach. */
    async byId(viewer: Viewer | null, id: string): Promise<Customer | null> {
      const reader = mayRead(viewer);
      const customer = await storage.customers.byId(id);
      return customer && reaches(reader, customer.corporationId) ? customer : null;
    },

    /** As `byId`, by the caller's own identifier. */
    async byExternalId(
      viewer: Viewer | null,
      corporationId: string,
      externalId: string,
    ): Promise<Customer | null> {
      const reader = mayRead(viewer);
      return reaches(reader, corporationId)
        ? storage.customers.byExternalId(corporationId, externalId)
        : null;
    },
  };

  /** Adds what the database would have said, so that the caller learns of all issues at once. */
  async function withCorporationIssue(
    viewer: Viewer,
    args: unknown,
    issues: InputIssue[],
  ): Promise<InputIssue[]> {
    const path = noSuchCorporation.path.join();
    if (issues.some((issue) => issue.path.join() === path)) return issues;
    const id = (args as { input?: { corporationId?: unknown } }).input?.corporationId;
    if (typeof id !== 'string') return issues;
    const exists = reaches(viewer, id) && (await storage.corporations.byId(id));
    return exists ? issues : [noSuchCorporation, ...issues];
  }
}

const noSuchCorporation: InputIssue = {
  path: ['input', 'corporationId'],
  code: 'NOT_FOUND',
  message: 'names no corporation that this token reaches',
};
