import { hash } from 'node:crypto';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { SizeLimits } from '../../customers/service.js';
import type { HttpEnv } from '../../http/hono.js';

/** `/openapi.json`, for everybody: it tells nothing but what the code does. */
export function openapi(limits: SizeLimits): Hono<HttpEnv> {
  let made: Promise<{ text: string; tag: string }> | undefined;

  return new Hono<HttpEnv>({ strict: false }).get('/openapi.json', etag(), async (c) => {
    made ??= make(limits).catch((error) => {
      made = undefined;
      throw error;
    });
    const { text, tag } = await made;
    return c.body(text, 200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache',
      ETag: tag,
    });
  });
}

/** Loaded and made when it is first asked for, which in most processes it never is. */
async function make(limits: SizeLimits) {
  const { createDocument } = await import('./document.js');
  const text = JSON.stringify(createDocument(limits));
  return { text, tag: `"${hash('sha256', text, 'base64url')}"` };
}
