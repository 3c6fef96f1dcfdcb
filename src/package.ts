import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** What package.json says of this program: its version, and the range of Node's that it runs on. */
export const { version, engines } = require('#package.json') as {
  version: string;
  engines: { node: string };
};

const folder = dirname(require.resolve('#package.json'));

/** Where a file of the package is. */
export function pathInPackage(path: string): string {
  return join(folder, path);
}
