import { statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { assetFolder } from '../http/assets.js';
import { pathInPackage } from '../package.js';
import { contentHash, place } from './files.js';

const folder = pathInPackage('dist');

const entries = {
  main: pathInPackage('src/main.ts'),
  // The bench measures these by themselves.
  storage: pathInPackage('src/storage/open.ts'),
  sqlite: pathInPackage('src/storage/sqlite/open.ts'),
};

/** Builds that are kept: what was started from one before may load more of it later. */
const keptBuilds = 3;

/**
 * Bundles the program, packages included, since Node would take most of a start to find and read them file by
 * file. Each build is a folder of its own in dist, named by its content, and dist/main.js leads to the newest.
 */
export async function bundle(): Promise<void> {
  const { output } = await build({
    input: entries,
    platform: 'node',
    // It finds its binary from where it is.
    external: 'better-sqlite3',
    // The map of each file tells where the sources are from where it is.
    output: { dir: join(folder, 'build'), sourcemap: true },
    write: false,
  });
  const files = output.map((file) => ({
    name: file.fileName,
    content: file.type === 'chunk' ? file.code : file.source,
  }));
  const version = contentHash(JSON.stringify(files));

  await mkdir(folder, { recursive: true });
  if (!(await readdir(folder)).includes(version)) {
    const next = join(folder, `${version}.${process.pid}`);
    await mkdir(next);
    await Promise.all(files.map(({ name, content }) => writeFile(join(next, name), content)));
    await rename(next, join(folder, version)).catch(async (error) => {
      // Another process was faster with the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      await rm(next, { recursive: true });
    });
  }
  for (const name of Object.keys(entries)) {
    const lead = `#!/usr/bin/env node\nexport * from './${version}/${name}.js';\n`;
    await place(join(folder, `${name}.js`), lead, 0o755);
  }
  await sweep(version);
}

/** Removes what is neither of the newest builds nor an asset. */
async function sweep(version: string): Promise<void> {
  const leads = Object.keys(entries).map((name) => `${name}.js`);
  const kept = [version, basename(assetFolder), ...leads];
  const others = (await readdir(folder)).filter((name) => !kept.includes(name));
  // Another process may sweep at the same time.
  const ageOf = (name: string) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const old = others.sort((a, b) => ageOf(b) - ageOf(a)).slice(keptBuilds - 1);
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
