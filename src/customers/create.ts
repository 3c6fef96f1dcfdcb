import { reaches, requireWriter, type Viewer } from '../access/viewer.js';
import { IdempotencyError, InvalidInputError } from '../errors.js';
import { type ClaimedKey, type Idempotency, type IdempotentCall, settled } from '../idempotency.js';
import type { InsertCustomerOutcome, Milliseconds, Storage } from '../storage/storage.js';
import { validate } from '../validation/validate.js';
import { type Customer, type CustomerFields, newCustomer } from './customer.js';
import { ConflictError } from './errors.js';
import { createArguments, createManyArguments } from './input.js';
import { noSuchCorporation, withCorporationIssue } from './issues.js';

/** `replayed`: answered from an earlier call with the same idempotency key. */
export type CreatedCustomer = { customer: Customer; replayed: boolean };

/** What came of each create, in order. */
export type CreatedCustomers = {
  results: (CreatedCustomer | CreateRefusal)[];
  replayed: boolean;
};

/** What keeps one customer from being created, and no other of the same call. */
export type CreateRefusal = InvalidInputError | ConflictError | IdempotencyError;

type CreateCall = IdempotentCall & { input: CustomerFields };

export function createCreates(
  storage: Storage,
  idempotency: Idempotency,
  { bulkLimit }: { bulkLimit: number },
  now: () => Milliseconds,
) {
  const argumentsOfMany = createManyArguments(bulkLimit);

  return {
    /**
     * Creates a customer. The arguments are checked here, whatever a face has checked before:
     * `{ input, idempotencyKey }`, as in `createArguments`.
     * Throws `InvalidInputError`, `ConflictError`, `IdempotencyError`, `UnauthenticatedError`,
     * `ForbiddenError`, `UnavailableError`, `OutcomeUnknownError`.
     */
    async create(viewer: Viewer | null, args: unknown): Promise<CreatedCustomer> {
      const call = await check(requireWriter(viewer), args);
      const outcome = await idempotency.once(call, (claim) =>
        storage.customers.insert(() => newCustomer(call.input, now()), claim),
      );
      return created(outcome);
    },

    /**
     * Creates up to `bulkLimit` customers in one commit: `{ inputs, idempotencyKey }`, where each of the
     * inputs is what `create` takes, with a key of its own if it has one, and `idempotencyKey` is
     * for the call as a whole. What `create` would throw for one of them is its result.
     */
    async createMany(viewer: Viewer | null, args: unknown): Promise<CreatedCustomers> {
      const writer = requireWriter(viewer);
      const { data, issues } = validate(argumentsOfMany, args);
      if (issues) throw new InvalidInputError(issues);

      const checked = await Promise.all(
        data.inputs.map((item, index) =>
          check(writer, item).catch((error: unknown) => refusalOf(index, error)),
        ),
      );
      const accepted: { call: CreateCall; claimed: ClaimedKey }[] = [];
      const held = new Set<string>();
      try {
        const claimed = checked.map((call, index) =>
          orRefusal(index, () => {
            if (isRefusal(call)) return call;
            const item = { call, claimed: idempotency.claim(call, held) };
            accepted.push(item);
            return item;
          }),
        );
        const call = {
          tokenId: writer.tokenId,
          operation: 'createCustomers',
          key: data.idempotencyKey,
          input: checked.map((item, index) => (isRefusal(item) ? data.inputs[index] : item.input)),
        };
        const outcome = await idempotency.once(call, (claim) => {
          const inserts = accepted.map(({ call, claimed }) => ({
            make: () => newCustomer(call.input, now()),
            claim: claimed.claim,
          }));
          return storage.customers.insertMany(inserts, claim);
        });
        const outcomes = outcome.record.values();
        const results = claimed.map((item, index) =>
          isRefusal(item)
            ? item
            : orRefusal(index, () =>
                created(settled(outcomes.next().value as InsertCustomerOutcome)),
              ),
        );
        return { results, replayed: outcome.outcome === 'written' && outcome.replayed };
      } finally {
        for (const { claimed } of accepted) claimed.release();
      }
    },
  };

  /** The call that the arguments of `create` make, if nothing is wrong with them. */
  async function check(writer: Viewer, args: unknown): Promise<CreateCall> {
    const { data, issues } = validate(createArguments, args);
    if (issues) {
      throw new InvalidInputError(await withCorporationIssue(storage, writer, args, issues));
    }
    const { input, idempotencyKey } = data;
    if (!reaches(writer, input.corporationId)) throw new InvalidInputError([noSuchCorporation()]);
    return { tokenId: writer.tokenId, operation: 'createCustomer', key: idempotencyKey, input };
  }
}

function created(
  outcome: Exclude<InsertCustomerOutcome, { outcome: 'key-mismatch' }>,
): CreatedCustomer {
  switch (outcome.outcome) {
    case 'written':
      return { customer: outcome.record, replayed: outcome.replayed };
    case 'external-id-taken':
      throw new ConflictError(['input', 'externalId'], outcome.existing);
    case 'no-such-corporation':
      throw new InvalidInputError([noSuchCorporation()]);
  }
}

function isRefusal(value: unknown): value is CreateRefusal {
  return (
    value instanceof InvalidInputError ||
    value instanceof ConflictError ||
    value instanceof IdempotencyError
  );
}

/** What `step` comes to, or what it refuses with, told of the item at that index. */
function orRefusal<T>(index: number, step: () => T): T | CreateRefusal {
  try {
    return step();
  } catch (error) {
    return refusalOf(index, error);
  }
}

/** The refusal, told of the item at that index. Throws what is none. */
function refusalOf(index: number, refusal: unknown): CreateRefusal {
  if (!isRefusal(refusal)) throw refusal;
  const inItem = ([root, ...path]: readonly string[]) => [
    'inputs',
    String(index),
    ...(root === 'input' ? path : [String(root), ...path]),
  ];
  if (refusal instanceof ConflictError) {
    return new ConflictError(inItem(refusal.path), refusal.existing);
  }
  if (refusal instanceof InvalidInputError) {
    const issues = refusal.issues.map((issue) => ({ ...issue, path: inItem(issue.path) }));
    return new InvalidInputError(issues);
  }
  return refusal;
}
