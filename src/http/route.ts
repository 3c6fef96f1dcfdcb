import type { Exchange, Reply } from './exchange.js';

/** What answers a method at a path, whoever takes the request in. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As Hono has it; all that may vary is an `:id` at its end. */
  path: string;
  /** Whether `If-None-Match` (RFC 9110, 13.1.2) is heeded. */
  conditional?: true;
  /** `id` is what the path has in the place of `:id`. Does not reject: errors are answered as well. */
  answer(exchange: Exchange, id: string): Promise<Reply>;
};
