import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import { getMimeType } from 'hono/utils/mime';
import { OperationalError } from '../errors.js';
import { pathInPackage } from '../package.js';
import type { HttpEnv } from './hono.js';
import { secured } from './page.js';

/** Where `npm run build` leaves the files that pages load. */
export const assetFolder = pathInPackage('dist/assets');
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
  const contents = new Map<string, Promise<ArrayBuffer>>();

  /**
   * Kept, for there are few: answers that are sent from an open file leave it open when they wait behind
   * another on a connection that is given up.
   */
  function read(path: string): Promise<ArrayBuffer> {
    const known = contents.get(path);
    if (known) return known;
    const content = readFile(path).then(toArrayBuffer);
    content.catch(() => contents.delete(path));
    contents.set(path, content);
    return content;
  }

  return {
    routes: new Hono<HttpEnv>().get(
      '/assets/:name',
      // Workers have a policy of their own, and need nothing that is theirs to load.
      secured(),
      async (c) => {
        const name = c.req.param('name');
        if (!served.has(name)) return c.notFound();
        const encoding = accepts(c, { header: 'Accept-Encoding', ...encodings });
        return c.body(await read(`${folder}/${name}${suffixes[encoding] ?? ''}`), 200, {
          'Cache-Control': 'public, max-age=31536000, immutable',
          'Content-Type': getMimeType(name) ?? 'application/octet-stream',
          ...(encoding in suffixes && { 'Content-Encoding': encoding }),
          Vary: 'Accept-Encoding',
        });
      },
    ),
    pathOf(name) {
      const file = files.get(name);
      if (file === undefined) throw new Error(`The build makes no ${name}.`);
      return `/assets/${file}`;
    },
  };
}

/** How a file is named that is compressed so. */
const suffixes: Record<string, string> = { br: '.br', gzip: '.gz' };

/** The smaller before the larger, whatever order the browser names them in. */
const encodings = {
  supports: Object.keys(suffixes),
  default: 'identity',
  match: (accepted: { type: string; q: number }[]) =>
    Object.keys(suffixes).find((name) => accepted.some(({ type, q }) => type === name && q > 0)) ??
    'identity',
};

function toArrayBuffer({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** What the last build made; null if it made nothing, or not all of it. */
export function readManifest(folder = assetFolder): Manifest | null {
  try {
    return JSON.parse(readFileSync(`${folder}/${manifestName}`, 'utf8'));
  } catch {
    return null;
  }
}
