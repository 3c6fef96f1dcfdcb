import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkFileSystem } from './fileSystem.js';
import { type Finding, ok, problem, warning } from './finding.js';
import { sizeText } from './size.js';

/** Bytes that should be free; with fewer than `direSpace` writes are about to fail. */
const goodSpace = 2e9;
const direSpace = 1e8;

/** In ms: what no disk is faster than, and what makes each commit slow. */
const fastestSync = 0.05;
const slowSync = 25;

/** How often a sync is measured. */
const syncs = 15;

/** The disk under a database of so many bytes: where it is, its room, and whether it keeps what is written. */
export function checkDisk(databasePath: string, databaseBytes: number): Finding[] {
  const folder = nearest(dirname(resolve(databasePath)));
  const { type, bavail, bsize } = statfsSync(folder);
  return [
    ...(process.platform === 'linux' ? [checkFileSystem(type, folder)] : []),
    checkSpace(folder, bavail * bsize, databaseBytes),
    checkWrites(folder, databasePath),
  ];
}

function checkSpace(folder: string, free: number, databaseBytes: number): Finding {
  const room = `${sizeText(free)} are free in ${folder}`;
  if (free < direSpace) {
    return problem('space', `Only ${room}; writes will soon be refused. Make room.`);
  }
  if (free < 2 * databaseBytes) {
    return warning(
      'space',
      `${room}, less than twice the ${sizeText(databaseBytes)} of the database, which a backup and ` +
        'some growth take. Make room.',
    );
  }
  if (free < goodSpace) return warning('space', `Only ${room}. Make room.`);
  return ok('space', `${room}.`);
}

/** Writes a file of its own beside the database, and takes it away again. */
function checkWrites(folder: string, databasePath: string): Finding {
  const file = join(folder, `.clientele-doctor-${randomUUID()}`);
  try {
    if (existsSync(databasePath)) accessSync(databasePath, constants.R_OK | constants.W_OK);
    const ms = medianSync(file);
    const took = `A write takes ${ms.toFixed(ms < 1 ? 2 : 1)} ms to come to disk`;
    if (ms < fastestSync) {
      return warning(
        'writes',
        `${took}, which no disk can do: what was answered may be lost with the power. Is the disk ` +
          'a virtual one that does not flush, or memory?',
      );
    }
    return ms > slowSync
      ? warning('writes', `${took}, and each commit waits for that. Use a faster disk.`)
      : ok('writes', `${took}.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return problem(
      'writes',
      `${folder} and the database must be writable for the user who runs the service: ${reason}.`,
    );
  } finally {
    rmSync(file, { force: true });
  }
}

/** In ms, with a page each, as a database writes it. */
function medianSync(path: string): number {
  const file = openSync(path, 'wx');
  try {
    const page = Buffer.alloc(4096, 1);
    const times = Array.from({ length: syncs }, () => {
      const startedAt = performance.now();
      writeSync(file, page);
      fsyncSync(file);
      return performance.now() - startedAt;
    });
    return times.sort((a, b) => a - b)[Math.floor(syncs / 2)] ?? 0;
  } finally {
    closeSync(file);
  }
}

/** The folder, or the nearest above it that is there: the first start makes the others. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
