import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'rolldown';
import { assetFolder, type Manifest, manifestName, readManifest } from '../http/assets.js';
import { pathInPackage } from '../package.js';
import { contentHash, place } from './files.js';

const require = createRequire(import.meta.url);
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** The best that is quick: 11 takes ten times as long for a tenth less. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Leaves the files that pages load in dist/assets, named by their content, and compressed. */
export async function buildAssets(): Promise<void> {
  const start = await bundleStart();
  const version = await versionOf(start);
  if (readManifest()?.version === version) return;
  await mkdir(assetFolder, { recursive: true });
  const files = await Promise.all(
    Object.entries(await collect(start)).map(async ([name, text]) => {
      const file = name.replace(/(?=\.\w+$)/, `.${contentHash(text)}`);
      const path = `${assetFolder}/${file}`;
      await Promise.all([
        place(path, text),
        place(`${path}.br`, await compressBrotli(text, brotli)),
        place(`${path}.gz`, await compressGzip(text)),
      ]);
      return [name, file];
    }),
  );
  const manifest: Manifest = { version, files: Object.fromEntries(files) };
  // Last, so that what was interrupted is done again.
  await place(`${assetFolder}/${manifestName}`, JSON.stringify(manifest, null, 2));
  await sweep(manifest);
}

/** Removes what is in the folder from builds before, and not what another process is about to place. */
async function sweep({ files }: Manifest): Promise<void> {
  const kept = [manifestName, ...Object.values(files)];
  const stale = (await readdir(assetFolder)).filter(
    (name) => !kept.includes(name.replace(/(\.(br|gz))?(\.\d+)?$/, '')),
  );
  await Promise.all(stale.map((name) => rm(`${assetFolder}/${name}`, { force: true })));
}

async function collect(start: string): Promise<Record<string, string>> {
  const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
  const redoc = await readOf('redoc', 'bundles/redoc.standalone.js');
  return {
    'graphiql.js': graphiql.js,
    'graphiql.start.js': start,
    'graphiql.css': graphiql.css,
    'graphiql.editorWorkerService.js': graphiql.editorWorkerService,
    'graphiql.json.js': graphiql.jsonWorker,
    'graphiql.graphql.js': graphiql.graphqlWorker,
    'graphiql.LICENSE.txt': await readOf('@graphql-yoga/render-graphiql', 'LICENSE'),
    'redoc.js': withoutLogo(redoc),
    'redoc.LICENSE.txt': [
      await readOf('redoc', 'LICENSE'),
      await readOf('redoc', 'bundles/redoc.standalone.js.LICENSE.txt'),
    ].join('\n'),
  };
}

/** What starts GraphiQL, for a browser. */
async function bundleStart(): Promise<string> {
  const { output } = await build({ input: pathInPackage('src/browser/graphiql.ts'), write: false });
  return output[0].code;
}

function readOf(name: string, file: string): Promise<string> {
  return readFile(join(dirname(require.resolve(`${name}/package.json`)), file), 'utf8');
}

/** Redoc would load the logo of its makers from their server. Its place stays empty without one. */
function withoutLogo(redoc: string): string {
  const [before, after, ...more] = redoc.split('https://cdn.redoc.ly/redoc/logo-mini.svg');
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error('Redoc loads its logo in another way now: see withoutLogo.');
  }
  return `${before}data:,${after}`;
}

/** What the files are made of: the packages, our own, and the way in which this file makes them. */
async function versionOf(start: string): Promise<string> {
  const packages = ['@graphql-yoga/render-graphiql', 'redoc'].map(async (name) => {
    const { version } = JSON.parse(await readOf(name, 'package.json'));
    return `${name} ${version}`;
  });
  const way = readFile(new URL(import.meta.url), 'utf8');
  return contentHash((await Promise.all([...packages, start, way])).join('\n'));
}
