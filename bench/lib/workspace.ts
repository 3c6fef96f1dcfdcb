import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `statfs` says of a file system in memory (Linux). */
const tmpfs = 0x01021994;

/** A folder for everything that a run writes. It goes with the process, however that ends. */
export function createWorkspace(): string {
  if (process.platform === 'linux' && statfsSync(tmpdir()).type === tmpfs) {
    throw new Error(
      `${tmpdir()} is in memory, where a commit costs nothing. Set TMPDIR to a folder on a disk.`,
    );
  }
  const workspace = mkdtempSync(join(tmpdir(), 'clientele-bench-'));
  process.on('exit', () => remove(workspace));
  // PostgreSQL runs as another user when the bench runs as root, and has its folder in here.
  chmodSync(workspace, 0o711);
  return workspace;
}

/** A folder for one section. */
export function createFolder(workspace: string, name: string): string {
  const folder = join(workspace, name);
  mkdirSync(folder, { mode: 0o711 });
  return folder;
}

export function remove(folder: string): void {
  // Processes that were just ended may still write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
