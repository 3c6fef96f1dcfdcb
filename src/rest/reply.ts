import type { Customer } from '../customers/customer.js';
import type { Reply } from '../http/exchange.js';
import { entityTag, toWireCustomer } from './wire.js';

/**
 * The reference shows a customer flat in one place and as `{data, message}` in another. A reply
 * that carries both serves the clients of either. One that was created comes with its path.
 */
export function customerReply(
  customer: Customer,
  message: string,
  status: 200 | 201,
  replayed = false,
): Reply {
  const wire = JSON.stringify(toWireCustomer(customer));
  // The text is used twice, since making it takes longer than anything else here.
  const body = `${wire.slice(0, -1)},"data":${wire},"message":${JSON.stringify(message)}}`;
  const headers: Record<string, string> = { ...json, ETag: entityTag(customer) };
  if (status === 201) headers.Location = `/customers/${encodeURIComponent(customer.id)}`;
  return { status, headers: Object.assign(headers, replayHeaders(replayed)), body };
}

export function jsonReply(
  content: { data: object; message: string },
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers: { ...json, ...headers }, body: JSON.stringify(content) };
}

const json = { 'Content-Type': 'application/json' };

/** Says whether the answer is that of an earlier call with the same idempotency key. */
export function replayHeaders(replayed: boolean): Record<string, string> {
  return replayed ? { 'Idempotent-Replayed': 'true' } : {};
}
