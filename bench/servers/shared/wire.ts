import type { Customer } from './database.js';

/** A customer as the REST servers answer it. */
export function toWire({ id, name, email, corporationId, createdAt }: Customer) {
  return {
    id,
    name,
    email,
    corporation_id: corporationId,
    created_at: Math.floor(createdAt.getTime() / 1000),
  };
}
