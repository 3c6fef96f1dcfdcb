import type { Context } from 'hono';
import type { Customer } from '../customers/customer.js';
import { entityTag, toWireCustomer } from './wire.js';

/**
 * The reference shows a customer flat in one place and as `{data, message}` in another. A reply
 * that carries both serves the clients of either.
 */
export function replyWith(
  c: Context,
  customer: Customer,
  message: string,
  status: 200 | 201,
): Response {
  const wire = toWireCustomer(customer);
  return c.json({ ...wire, data: wire, message }, status, { ETag: entityTag(customer) });
}

/** Says that the answer is that of an earlier call with the same idempotency key. */
export function markReplay(c: Context, replayed: boolean): void {
  if (replayed) c.header('Idempotent-Replayed', 'true');
}
