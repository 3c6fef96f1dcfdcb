import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { OperationalError } from '../errors.js';
import type { HttpEnv } from './context.js';
import { secured } from './page.js';

/** Where `npm run build` leaves the files that pages load: the same place seen from src and from dist. */
export const assetFolder = fileURLToPath(new URL('../../dist/assets', import.meta.url));
export const manifestName = 'manifest.json';

/** Which files there are. */
export type Manifest = {
  /** Of what they were made. */
  version: string;
  /** By the name that pages know each by, the name that it has, which changes with its content. */
  files: Record<string, string>;
};

export type Assets = {
  /** Serves them, below `/assets`. */
  routes: Hono<HttpEnv>;
  /** Where the file of the name is served. */
  pathOf(name: string): string;
};

/** The files that pages load were not built; the message says what to run. */
export class AssetError extends OperationalError {}

/** The files that pages load, to be kept by browsers for good. Throws `AssetError` without them. */
export function createAssets(folder = assetFolder): Assets {
  const manifest = readManifest(folder);
  if (!manifest) {
    throw new AssetError(`What the pages load is not in ${folder}. "npm run build" puts it there.`);
  }
  const files = new Map(Object.entries(manifest.files));
  const served = new Set(files.values());

  return {
    routes: new Hono<HttpEnv>().get(
      '/assets/:name',
      // Workers have a policy of their own, and need nothing that is theirs to load.
      secured(),
      async (c, next) => {
        if (!served.has(c.req.param('name'))) return c.notFound();
        c.header('Cache-Control', 'public, max-age=31536000, immutable');
        await next();
        c.res.headers.set('Vary', 'Accept-Encoding');
      },
      serveStatic({
        root: folder,
        precompressed: true,
        rewriteRequestPath: (path) => path.slice('/assets'.length),
      }),
    ),
    pathOf(name) {
      const file = files.get(name);
      if (file === undefined) throw new Error(`The build makes no ${name}.`);
      return `/assets/${file}`;
    },
  };
}

/** What the last build made; null if it made nothing, or not all of it. */
export function readManifest(folder = assetFolder): Manifest | null {
  try {
    return JSON.parse(readFileSync(`${folder}/${manifestName}`, 'utf8'));
  } catch {
    return null;
  }
}
