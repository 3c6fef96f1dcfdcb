import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Manifest = { version: string; engines: { node: string } };

/** What package.json says of this program: its version, and the range of Node's that it runs on. */
export const { version, engines } = createRequire(import.meta.url)('../package.json') as Manifest;

/** Where a file of the package is. src, which this file is in, and dist, where it is bundled, are side by side. */
export function pathInPackage(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
