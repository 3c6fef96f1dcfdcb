import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * Leaves in the file what it should hold, with the mode where one is given. Whoever reads it meanwhile, or
 * writes the same, finds it whole.
 */
export async function place(path: string, content: string | Uint8Array, mode = 0o644) {
  const known = await readFile(path).catch(() => null);
  if (known?.equals(Buffer.from(content))) return;
  const next = `${path}.${process.pid}`;
  await writeFile(next, content, { mode });
  await rename(next, path);
}
