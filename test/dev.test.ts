import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useFolder } from './support/command.js';

const root = join(import.meta.dirname, '..');
const folder = useFolder();

test('npm run dev serves, and serves anew when a file is changed', async () => {
  for (const part of ['src', 'dist', 'drizzle', 'package.json', 'tsconfig.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));

  const env = { PATH: process.env.PATH, PORT: '0' };
  // In a group of its own, so that the signal reaches what npm started too.
  const dev = spawn('npm', ['run', 'dev'], { cwd: folder, env, detached: true });
  const ended = once(dev, 'close');
  let output = '';
  dev.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const starts = () => [...output.matchAll(/Clientele listens on (\S+)/g)].map(([, url]) => url);
  try {
    await vi.waitUntil(() => starts().length === 1, { timeout: 40_000 });
    await appendFile(join(folder, 'src/ids.ts'), '\n');
    await vi.waitUntil(() => starts().length === 2, { timeout: 40_000 });
    expect((await fetch(`${starts()[1]}/healthz`)).status).toBe(200);
  } finally {
    process.kill(-(dev.pid ?? 0), 'SIGTERM');
    await ended;
  }
}, 90_000);
