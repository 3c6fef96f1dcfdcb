import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'rolldown';
import { assetFolder } from '../http/assets.js';
import { pathInPackage } from '../package.js';

const folder = pathInPackage('dist');

/**
 * Bundles the program into dist/main.js and what it loads when it is wanted, packages included: Node would
 * take most of a start to find and read them file by file.
 */
export async function bundle(): Promise<void> {
  const { output } = await build({
    input: {
      main: pathInPackage('src/main.ts'),
      // The bench measures these by themselves.
      storage: pathInPackage('src/storage/open.ts'),
      sqlite: pathInPackage('src/storage/sqlite/open.ts'),
    },
    platform: 'node',
    // It finds its binary from where it is.
    external: 'better-sqlite3',
    output: { sourcemap: true },
    write: false,
  });
  await mkdir(folder, { recursive: true });
  await Promise.all(
    output.map((file) =>
      write(join(folder, file.fileName), file.type === 'chunk' ? file.code : file.source),
    ),
  );
  const names = new Set([...output.map(({ fileName }) => fileName), relative(folder, assetFolder)]);
  const stale = (await readdir(folder)).filter((name) => !names.has(name));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true })));
}

/** Leaves alone what is as it should be, and what another process reads is whole at any moment. */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  const known = await readFile(path).catch(() => null);
  if (known?.equals(Buffer.from(content))) return;
  const next = `${path}.${process.pid}`;
  await writeFile(next, content);
  await rename(next, path);
}
