import { isDeepStrictEqual } from 'node:util';
import { reaches, requireWriter, type Viewer } from '../access/viewer.js';
import { type InputIssue, InvalidInputError, NotFoundError } from '../errors.js';
import { type Idempotency, type IdempotentCall, settled } from '../idempotency.js';
import type {
  ChangedCustomer,
  CustomerChange,
  ExternalIdTaken,
  Milliseconds,
  NoSuchCorporation,
  Storage,
  Written,
} from '../storage/storage.js';
import { validate } from '../validation/validate.js';
import { type Customer, newCustomer } from './customer.js';
import { ConflictError, VersionMismatchError } from './errors.js';
import { removeArguments, restoreArguments, updateArguments, upsertArguments } from './input.js';
import { noSuchCorporation, withCorporationIssue } from './issues.js';

/** `replayed`: answered from an earlier call with the same idempotency key. */
export type UpdatedCustomer = { customer: Customer; replayed: boolean };
export type UpsertedCustomer = { customer: Customer; created: boolean; replayed: boolean };
export type RemovedCustomer = { id: string; replayed: boolean };

export function createChanges(storage: Storage, idempotency: Idempotency, now: () => Milliseconds) {
  return {
    /**
     * Changes the fields that are given: `{ input, expectedVersions, idempotencyKey }`, as in
     * `updateArguments`. The version grows only when something is different afterwards.
     * Throws `InvalidInputError`, `NotFoundError`, `ConflictError`, `VersionMismatchError`,
     * `IdempotencyError`, `UnauthenticatedError`, `ForbiddenError`, `UnavailableError`,
     * `OutcomeUnknownError`.
     */
    async update(viewer: Viewer | null, args: unknown): Promise<UpdatedCustomer> {
      const writer = requireWriter(viewer);
      const { data, issues } = validate(updateArguments, args);
      if (issues) throw new InvalidInputError(issues);

      const { id, ...fields } = data.input;
      const decide = ifExpected(writer, data, (current) => ({
        write: amended(current, fields, now()),
      }));
      const outcome = await idempotency.once(callOf(writer, 'updateCustomer', data), (claim) =>
        storage.customers.change({ id }, decide, claim),
      );
      return { customer: changed(outcome, id).customer, replayed: replayed(outcome) };
    },

    /**
     * Makes the customer with the external id what the input says, and creates it if there is none:
     * `{ input, expectedVersions, idempotencyKey }`, as in `upsertArguments`. Fields left out are
     * cleared. Throws what `update` throws, but for `ConflictError`.
     */
    async upsert(viewer: Viewer | null, args: unknown): Promise<UpsertedCustomer> {
      const writer = requireWriter(viewer);
      const { data, issues } = validate(upsertArguments, args);
      if (issues) {
        throw new InvalidInputError(await withCorporationIssue(storage, writer, args, issues));
      }
      const { input } = data;
      const { corporationId, externalId } = input;
      if (!reaches(writer, corporationId)) throw new InvalidInputError([noSuchCorporation()]);

      const amend = ifExpected(writer, data, (current) => ({
        write: amended(current, input, now()),
      }));
      const { expectedVersions } = data;
      const mayCreate = expectedVersions === null || isExpected(expectedVersions, absent);
      const decide = (current: Customer | null) =>
        !current && mayCreate ? { write: newCustomer(input, now()) } : amend(current);
      const outcome = await idempotency.once(callOf(writer, 'upsertCustomer', data), (claim) =>
        storage.customers.change({ corporationId, externalId }, decide, claim),
      );
      return { ...changed(outcome), replayed: replayed(outcome) };
    },

    /**
     * Makes the customer with the id what the input says, and creates it under that id if there is
     * none: `{ input }`, as in `restoreArguments`. For the operator's import of what was exported.
     * Throws what `update` throws.
     */
    async restore(viewer: Viewer | null, args: unknown): Promise<UpsertedCustomer> {
      const writer = requireWriter(viewer);
      const { data, issues } = validate(restoreArguments, args);
      if (issues) {
        throw new InvalidInputError(await withCorporationIssue(storage, writer, args, issues));
      }
      const { id, ...fields } = data.input;
      if (!reaches(writer, fields.corporationId)) {
        throw new InvalidInputError([noSuchCorporation()]);
      }
      const outcome = await storage.customers.change(
        { id },
        (current): CustomerChange | { outcome: 'elsewhere' } => {
          if (!current) return { write: { ...newCustomer(fields, now()), id } };
          if (current.corporationId !== fields.corporationId) return { outcome: 'elsewhere' };
          return { write: amended(current, fields, now()) };
        },
        null,
      );
      if (outcome.outcome === 'elsewhere') throw new InvalidInputError([elsewhere]);
      return { ...changed(settled(outcome)), replayed: false };
    },

    /**
     * Deletes a customer: `{ input: { id }, expectedVersions, idempotencyKey }`, as in
     * `removeArguments`. Its external id is free again. Throws what `update` throws,
     * but for `ConflictError`.
     */
    async remove(viewer: Viewer | null, args: unknown): Promise<RemovedCustomer> {
      const writer = requireWriter(viewer);
      const { data, issues } = validate(removeArguments, args);
      if (issues) throw new InvalidInputError(issues);

      const { id } = data.input;
      const decide = ifExpected(writer, data, (current) => ({ remove: current }));
      const outcome = await idempotency.once(callOf(writer, 'deleteCustomer', data), (claim) =>
        storage.customers.change({ id }, decide, claim),
      );
      changed(outcome, id);
      return { id, replayed: replayed(outcome) };
    },
  };
}

const elsewhere: InputIssue = {
  path: ['input', 'corporationId'],
  code: 'NOT_FOUND',
  message: 'names a corporation that has no customer of this id',
};

type ExpectedVersions = number[] | 'any';

type ChangeArguments = {
  input: object;
  expectedVersions: ExpectedVersions | null;
  idempotencyKey: string | null;
};

function callOf(
  { tokenId }: Viewer,
  operation: string,
  { input, expectedVersions, idempotencyKey }: ChangeArguments,
): IdempotentCall {
  return { tokenId, operation, key: idempotencyKey, input: { input, expectedVersions } };
}

type Refusal = { outcome: 'not-found' } | { outcome: 'version-mismatch'; current: Customer };

/** Decides on `change` for a customer in reach that is at one of the versions that are expected. */
function ifExpected(
  writer: Viewer,
  { expectedVersions }: ChangeArguments,
  change: (current: Customer) => CustomerChange,
) {
  return (current: Customer | null): CustomerChange | Refusal => {
    if (!current || !reaches(writer, current.corporationId)) return { outcome: 'not-found' };
    if (expectedVersions !== null && !isExpected(expectedVersions, current.version)) {
      return { outcome: 'version-mismatch', current };
    }
    return change(current);
  };
}

/** The version of a customer that is not there. */
const absent = 0;

function isExpected(expected: ExpectedVersions, version: number): boolean {
  return expected === 'any' ? version !== absent : expected.includes(version);
}

/** The customer with other fields, one version later; the same object when nothing differs. */
function amended(current: Customer, fields: Partial<Customer>, at: Milliseconds): Customer {
  const next = { ...current, ...fields };
  if (isDeepStrictEqual(next, current)) return current;
  return { ...next, version: current.version + 1, updatedAt: Math.max(at, current.updatedAt) };
}

type ChangeOutcome = Written<ChangedCustomer> | ExternalIdTaken | NoSuchCorporation | Refusal;

function changed(outcome: ChangeOutcome, id: string | null = null): ChangedCustomer {
  switch (outcome.outcome) {
    case 'written':
      return outcome.record;
    case 'not-found':
      throw new NotFoundError('There is no such customer.', id);
    case 'version-mismatch':
      throw new VersionMismatchError(outcome.current);
    case 'external-id-taken':
      throw new ConflictError(['input', 'externalId'], outcome.existing);
    case 'no-such-corporation':
      throw new InvalidInputError([noSuchCorporation()]);
  }
}

function replayed(outcome: ChangeOutcome): boolean {
  return outcome.outcome === 'written' && outcome.replayed;
}
