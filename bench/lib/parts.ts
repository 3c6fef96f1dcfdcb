import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Frame } from './perf.js';

const http = 'node:http and sockets';
const others = 'promises, and the rest';

/** Parts of the work that are told by a frame which nothing else has; the first that fits. */
const byFrame: [string, (frames: readonly Frame[]) => boolean][] = [
  ['collecting garbage', anySymbol(/Scaveng|MarkCompact|ConcurrentMarking|Sweeper|CollectGarbage/)],
  [
    'V8 compiling',
    anySymbol(/v8::internal::\S*Compil|v8::internal::(?:maglev|baseline|compiler)::/),
  ],
  ['the search index', anySymbol(/\bindexBatch\b|fts5/i)],
  ['commits', anySymbol(/sqlite3PagerCommit|sqlite3VdbeHalt|WalCheckpoint|doWalCallbacks/)],
  ['inserts and look-ups', (frames) => frames.some(inSqlite)],
];

/** The others, by the module of the innermost function; one that V8 has put into another counts as it. */
const byModule: [string, RegExp][] = [
  [http, /^node:(?:_http|net|events|buffer|internal\/(?:stream|http|net|buffer))/],
  ['other modules of Node', /^node:/],
  ['zod', /node_modules\/zod\//],
  ['ids', /node_modules\/(?:typeid-js|uuid)\/|src\/ids\./],
  ['the log', /node_modules\/(?:pino|sonic-boom|quick-format-unescaped)\/|src\/(?:http\/)?log\./],
  ['GraphQL', /node_modules\/(?:@?graphql|@pothos|@envelop)|src\/graphql\//],
  ['REST', /src\/rest\//],
  ['body, token, limits, answer', /src\/(?:http|access|start|server)/],
  ['the service, validation', /src\/(?:customers|validation|idempotency|errors)/],
  ['storage, in JavaScript', /src\/storage\/|node_modules\/(?:better-sqlite3|drizzle-orm)\//],
];

/** All that `partOf` may answer. */
export const parts: readonly string[] = [
  ...[...byModule, ...byFrame].map(([part]) => part),
  others,
];

/** Which part of the work was going on. */
export function partOf(frames: readonly Frame[]): string {
  for (const [part, fits] of byFrame) if (fits(frames)) return part;
  const module = frames.map(moduleOf).find((found) => found !== null);
  if (module) return byModule.find(([, pattern]) => pattern.test(module))?.[0] ?? others;
  // Node reads sockets and parses HTTP before any JavaScript is called.
  const inPoll = frames.some(({ symbol }) => symbol.startsWith('uv__io_poll'));
  return inPoll && !frames.some(({ symbol }) => symbol.startsWith('Builtins_')) ? http : others;
}

function anySymbol(pattern: RegExp) {
  return (frames: readonly Frame[]) => frames.some(({ symbol }) => pattern.test(symbol));
}

function inSqlite({ object }: Frame): boolean {
  return object.endsWith('better_sqlite3.node');
}

/** The module that a function of JavaScript is written in; null for one of no file, and for native code. */
function moduleOf({ symbol }: Frame): string | null {
  const [, url, line, column] = /^JS:.* ((?:file|node):\S+?):(\d+):(\d+)$/.exec(symbol) ?? [];
  if (!url) return null;
  if (url.startsWith('node:')) return url;
  const file = fileURLToPath(url);
  const { originalSource } = (sourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1) ??
    {}) as { originalSource?: string };
  return originalSource ?? file;
}

const sourceMaps = new Map<string, SourceMap | null>();

function sourceMap(file: string): SourceMap | null {
  let map = sourceMaps.get(file);
  if (map === undefined) {
    const path = `${file}.map`;
    map = existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, 'utf8'))) : null;
    sourceMaps.set(file, map);
  }
  return map;
}
