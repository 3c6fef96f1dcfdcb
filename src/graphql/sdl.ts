import { printSchema } from 'graphql';
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { HttpEnv } from '../http/hono.js';
import { createSchema } from './schema.js';

/** `/schema.graphql`: the schema in GraphQL's own language, as text, which browsers show. */
export function sdl(): Hono<HttpEnv> {
  let text: string | null = null;

  return new Hono<HttpEnv>().get('/schema.graphql', etag(), (c) => {
    text ??= printSdl();
    c.header('Cache-Control', 'no-cache');
    return c.text(text);
  });
}

/** The schema as it stands in schema.graphql. */
export function printSdl(): string {
  return `${printSchema(createSchema())}\n`;
}
