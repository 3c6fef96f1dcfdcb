import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import BetterSqlite3 from 'better-sqlite3';
import { lockFiles } from '../lib/paths.js';

/** What a figure depends on beside the code. */
export function machineFacts() {
  const database = new BetterSqlite3(':memory:');
  const sqlite = database.prepare('select sqlite_version()').pluck().get() as string;
  database.close();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    sqlite,
    peers: peerVersions(),
  };
}

export type MachineFacts = ReturnType<typeof machineFacts>;

const peers = ['@apollo/server', 'fastify', 'graphql-yoga', 'hono', 'mercurius', 'postgraphile'];

function peerVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const file of lockFiles) {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    for (const name of peers) {
      const found = packages[`node_modules/${name}`];
      if (found) versions[name] = found.version;
    }
  }
  return versions;
}
