import { reaches, requireReader, requireWriter, type Viewer } from '../access/viewer.js';
import { ForbiddenError, InvalidInputError } from '../errors.js';
import type { Idempotency } from '../idempotency.js';
import { newId } from '../ids.js';
import { type Connection, paginate } from '../paging.js';
import type { Milliseconds, Storage } from '../storage/storage.js';
import { validate } from '../validation/validate.js';
import type { Corporation } from './corporation.js';
import {
  corporationCursor,
  createArguments,
  createWithIdArguments,
  listArguments,
} from './input.js';

/** `replayed`: answered from an earlier call with the same idempotency key. */
export type CreatedCorporation = { corporation: Corporation; replayed: boolean };

/** What may be done with corporations. Every verb that a face calls takes the viewer who asks. */
export type Corporations = ReturnType<typeof createCorporations>;

export function createCorporations(
  storage: Storage,
  { once }: Idempotency,
  { pageLimit }: { pageLimit: number },
  now: () => Milliseconds = Date.now,
) {
  const argumentsOfList = listArguments(pageLimit);

  return {
    /**
     * Creates a corporation from `{ input, idempotencyKey }`, as in `createArguments`.
     * Throws `InvalidInputError`, `IdempotencyError`, `UnauthenticatedError`, `ForbiddenError`
     * (also when the token reaches only certain corporations), `UnavailableError`, `OutcomeUnknownError`.
     */
    async create(viewer: Viewer | null, args: unknown): Promise<CreatedCorporation> {
      const writer = requireWriter(viewer);
      if (writer.corporationIds !== 'all') {
        throw new ForbiddenError(
          'This token reaches certain corporations only, so it cannot create another.',
        );
      }
      const { data, issues } = validate(createArguments, args);
      if (issues) throw new InvalidInputError(issues);

      const { input, idempotencyKey } = data;
      const call = {
        tokenId: writer.tokenId,
        operation: 'createCorporation',
        key: idempotencyKey,
        input,
      };
      const result = await once(call, (claim) =>
        storage.corporations.insert({ id: newId('corp'), ...input, createdAt: now() }, claim),
      );
      if (result.outcome === 'id-taken') throw new Error('A new id was already taken.');
      return { corporation: result.record, replayed: result.replayed };
    },

    /**
     * For the operator: creates a corporation under an id of their choice, if they chose one.
     * Resolves to null when the id is taken. Throws `InvalidInputError`, `UnavailableError`,
     * `OutcomeUnknownError`.
     */
    async createWithId(args: unknown): Promise<Corporation | null> {
      const { data, issues } = validate(createWithIdArguments, args);
      if (issues) throw new InvalidInputError(issues);

      const id = data.id ?? newId('corp');
      const result = await storage.corporations.insert(
        { id, ...data.input, createdAt: now() },
        null,
      );
      return result.outcome === 'written' ? result.record : null;
    },

    /** The corporation, or null when there is none or it is out of the viewer's reach. */
    async byId(viewer: Viewer | null, id: string): Promise<Corporation | null> {
      const reader = requireReader(viewer);
      return reaches(reader, id) ? storage.corporations.byId(id) : null;
    },

    /**
     * A page of the corporations that the viewer reaches, newest first, as `listArguments` asks
     * for it. Throws `InvalidInputError`, `UnauthenticatedError`, `UnavailableError`.
     */
    async list(viewer: Viewer | null, args: unknown): Promise<Connection<Corporation>> {
      const { corporationIds } = requireReader(viewer);
      const { data, issues } = validate(argumentsOfList, args);
      if (issues) throw new InvalidInputError(issues);

      const among = corporationIds === 'all' ? null : [...corporationIds];
      return paginate(data, corporationCursor, {
        order: 'descending',
        positionOf: ({ createdAt, id }) => ({ createdAt, id }),
        scan: (scan) => storage.corporations.scan(among, scan),
        count: () => storage.corporations.count(among),
      });
    },
  };
}
