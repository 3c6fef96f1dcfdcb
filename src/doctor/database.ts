import { stateOf } from '../access/access.js';
import { OperationalError } from '../errors.js';
import { type Database, nameOf } from '../storage/database.js';
import { inspectDatabase } from '../storage/inspect.js';
import type { Inspector, MigrationStatus, Place } from '../storage/inspector.js';
import type { Token } from '../storage/storage.js';
import { checkClock } from './clock.js';
import { checkDisk } from './disk.js';
import { checkFile, checkWal } from './file.js';
import { type Finding, ok, problem, warning } from './finding.js';
import { sizeText } from './size.js';

export type DatabaseOptions = {
  database: Database;
  /** What the clock says, in ms since the epoch. */
  now: number;
  /** How the command line is called. */
  clientele: string;
};

/** The database: whether it is there, sound, up to date and in use; of a file, first the disk under it. */
export async function* checkDatabase(options: DatabaseOptions): AsyncGenerator<Finding> {
  const inspector = await inspectDatabase(options.database);
  try {
    yield* inspect(inspector, options);
  } catch (error) {
    yield failed('database', error);
  } finally {
    await inspector.close();
  }
}

async function* inspect(
  inspector: Inspector,
  { database, now, clientele }: DatabaseOptions,
): AsyncGenerator<Finding> {
  const name = nameOf(database);
  const place = await inspector.place();
  if (place.type === 'memory') {
    yield warning(
      'database',
      'It is in memory, and gone when the service stops. Set DATABASE_URL.',
    );
    return;
  }
  if (place.type === 'file') {
    yield* checkDisk(place.path, place.bytes + place.walBytes);
    const nothing = checkFile(place.path);
    if (nothing) {
      yield nothing;
      return;
    }
  }
  if (await inspector.foreign()) {
    const other = place.type === 'file' ? 'file' : 'database';
    yield problem(
      'database',
      `${name} is a database of another program. DATABASE_URL must name another ${other}.`,
    );
    return;
  }
  yield place.type === 'file'
    ? ok('database', `${name} is there, with ${sizeText(place.bytes)}.`)
    : checkServer(place, name);
  const integrity = await attempt('integrity', () => checkIntegrity(inspector, name));
  if (integrity) yield integrity;
  if (place.type === 'file') yield checkWal(place.walBytes);

  let status: MigrationStatus;
  try {
    status = await inspector.migrations();
  } catch (error) {
    yield failed('migrations', error);
    return;
  }
  yield checkMigrations(status, clientele);
  if (status.pending > 0) return;

  yield await attempt('clock', async () =>
    checkClock({ now, madeAt: status.newest, newestRow: await inspector.newest() }),
  );
  yield await attempt('corporations', async () =>
    checkCorporations(await inspector.corporations(), clientele),
  );
  yield await attempt('tokens', async () => checkTokens(await inspector.tokens(), now, clientele));
}

function checkServer(
  { version, takesWrites }: Extract<Place, { type: 'server' }>,
  name: string,
): Finding {
  return takesWrites
    ? ok('database', `${name} answers: ${version}.`)
    : problem('database', `${name} takes no writes: it is a standby, or set so. Name its primary.`);
}

async function checkIntegrity(inspector: Inspector, name: string): Promise<Finding | null> {
  const integrity = await inspector.integrity();
  if (!integrity) return null;
  const { damage, orphanedIn } = integrity;
  if (damage.length > 0) {
    const what = damage.join('; ').replaceAll(/\s+/g, ' ');
    return problem('integrity', `${name} is damaged: ${what}. Restore a backup.`);
  }
  return orphanedIn.length > 0
    ? problem(
        'integrity',
        `There are rows that refer to nothing, in: ${orphanedIn.join(', ')}. Restore a backup, or ask ` +
          'who wrote to it past the service.',
      )
    : ok('integrity', 'Every page, index and reference is sound.');
}

function checkMigrations({ pending, unknown }: MigrationStatus, clientele: string): Finding {
  if (unknown > 0) {
    return warning('migrations', 'A newer version has added to the tables. Replace this one soon.');
  }
  return pending === 0
    ? ok('migrations', 'The tables are those of this version.')
    : warning(
        'migrations',
        `${pending} of this version are to be applied still. Take a backup, then start the service, ` +
          'which does so, or run:',
        `${clientele} migrate`,
      );
}

function checkCorporations(count: number, clientele: string): Finding {
  return count > 0
    ? ok('corporations', `${count} in the database.`)
    : warning(
        'corporations',
        'There are none, so no customer can be created. Create one:',
        `${clientele} corporation create --legal-name Globex --jurisdiction US`,
      );
}

function checkTokens(
  tokens: Pick<Token, 'expiresAt' | 'revokedAt'>[],
  now: number,
  clientele: string,
): Finding {
  const active = tokens.filter((token) => stateOf(token, now) === 'active').length;
  return active > 0
    ? ok('tokens', `${active} of ${tokens.length} are active.`)
    : warning(
        'tokens',
        `${tokens.length > 0 ? 'All are expired or revoked' : 'There are none'}, so no client is let in. Create one:`,
        `${clientele} token create --all --name app`,
      );
}

/** What the check finds, or that it could not be made. */
async function attempt<T extends Finding | null>(
  check: string,
  look: () => Promise<T>,
): Promise<T | Finding> {
  try {
    return await look();
  } catch (error) {
    return failed(check, error);
  }
}

function failed(check: string, error: unknown): Finding {
  if (!(error instanceof OperationalError)) throw error;
  return problem(check, error.message);
}
