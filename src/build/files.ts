import { hash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/** What a file or a folder is named by that never changes. */
export function contentHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 12);
}

/**
 * Leaves in the file what it should hold, with the mode where one is given. Whoever reads it meanwhile, or
 * writes the same, finds it whole.
 */
export async function place(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  const known = await readFile(path).catch(() => null);
  if (known?.equals(Buffer.from(content))) return;
  const next = `${path}.${process.pid}`;
  await writeFile(next, content, { mode });
  await rename(next, path);
}
