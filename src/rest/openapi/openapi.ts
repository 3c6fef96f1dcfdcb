import { hash } from 'node:crypto';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { SizeLimits } from '../../customers/service.js';
import type { HttpEnv } from '../../http/hono.js';
import { createDocument } from './document.js';

/** `/openapi.json`, for everybody: it tells nothing but what the code does. */
export function openapi(limits: SizeLimits): Hono<HttpEnv> {
  let made: ReturnType<typeof make> | undefined;

  return new Hono<HttpEnv>({ strict: false }).get('/openapi.json', etag(), (c) => {
    made ??= make(limits);
    const { text, tag } = made;
    return c.body(text, 200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache',
      ETag: tag,
    });
  });
}

/** Made when it is first asked for, which in most processes it never is. */
function make(limits: SizeLimits) {
  const text = JSON.stringify(createDocument(limits));
  return { text, tag: `"${hash('sha256', text, 'base64url')}"` };
}
