import { hash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { UnauthenticatedError } from '../errors.js';
import type { HttpEnv } from './hono.js';

/** What `/metrics` answers, and to whom. */
export type MetricsPage = {
  /** The bearer token that it asks for. */
  token: string;
  contentType: string;
  render(): Promise<string>;
};

/** `/metrics`, for Prometheus. Throws `UnauthenticatedError` for any token but its own. */
export function metrics({ token, contentType, render }: MetricsPage): Hono<HttpEnv> {
  const expected = sha256(token);

  return new Hono<HttpEnv>({ strict: false }).get('/metrics', async (c) => {
    const given =
      /^Bearer +(\S+) *$/i.exec(c.get('exchange').header('authorization') ?? '')?.[1] ?? '';
    if (!timingSafeEqual(sha256(given), expected)) {
      throw new UnauthenticatedError('Send METRICS_TOKEN as "Authorization: Bearer <token>".');
    }
    return c.body(await render(), 200, { 'Content-Type': contentType });
  });
}

/** Two hashes are compared, since they are of one length whatever was sent. */
function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
