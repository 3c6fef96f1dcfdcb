import { type Stats, statSync } from 'node:fs';
import { stateOf } from '../access/access.js';
import { OperationalError } from '../errors.js';
import { databaseSize, type Inspector, inspectDatabase } from '../storage/inspect.js';
import type { Token } from '../storage/storage.js';
import { checkClock } from './clock.js';
import { type Finding, ok, problem, warning } from './finding.js';
import { sizeText } from './size.js';

/** A `-wal` of so many bytes is ten times what is kept there before it goes into the database. */
const largeWal = 4e8;

export type DatabaseOptions = {
  path: string;
  /** What the clock says, in ms since the epoch. */
  now: number;
  /** How the command line is called. */
  clientele: string;
};

/** The database: whether it is there, sound, up to date and in use. */
export function* checkDatabase({ path, now, clientele }: DatabaseOptions): Generator<Finding> {
  if (path === ':memory:') {
    yield warning(
      'database',
      'It is in memory, and gone when the service stops. Set DATABASE_URL.',
    );
    return;
  }
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    yield problem('database', `${path} leads nowhere: ${reason}. Set DATABASE_URL.`);
    return;
  }
  if (!found?.isFile()) {
    yield problem(
      'database',
      found
        ? `${path} is no file. DATABASE_URL must name one.`
        : `There is no database ${path}. Start the service, which makes it, or set DATABASE_URL.`,
    );
    return;
  }
  let inspector: Inspector | undefined;
  try {
    inspector = inspectDatabase(path);
    yield* inspect(inspector, { path, now, clientele });
  } catch (error) {
    yield failed('database', error);
  } finally {
    inspector?.close();
  }
}

function* inspect(
  inspector: Inspector,
  { path, now, clientele }: DatabaseOptions,
): Generator<Finding> {
  if (inspector.foreign()) {
    yield problem(
      'database',
      `${path} is a database of another program. DATABASE_URL must name another file.`,
    );
    return;
  }
  const { database, wal } = databaseSize(path);
  yield ok('database', `${path} is there, with ${sizeText(database)}.`);
  yield attempt('integrity', () => checkIntegrity(inspector, path));
  yield checkWal(wal);

  let status: ReturnType<Inspector['migrations']>;
  try {
    status = inspector.migrations();
  } catch (error) {
    yield failed('migrations', error);
    return;
  }
  const { pending, newest: madeAt } = status;
  yield checkMigrations(pending, clientele);
  if (pending > 0) return;

  yield attempt('clock', () => checkClock({ now, madeAt, newestRow: inspector.newest() }));
  yield attempt('corporations', () => checkCorporations(inspector.corporations(), clientele));
  yield attempt('tokens', () => checkTokens(inspector.tokens(), now, clientele));
}

function checkIntegrity(inspector: Inspector, path: string): Finding {
  const damage = inspector.damage();
  if (damage.length > 0) {
    const what = damage.join('; ').replaceAll(/\s+/g, ' ');
    return problem('integrity', `${path} is damaged: ${what}. Restore a backup.`);
  }
  const orphaned = inspector.orphanedIn();
  return orphaned.length > 0
    ? problem(
        'integrity',
        `There are rows that refer to nothing, in: ${orphaned.join(', ')}. Restore a backup, or ask ` +
          'who wrote to it past the service.',
      )
    : ok('integrity', 'Every page, index and reference is sound.');
}

function checkWal(bytes: number): Finding {
  return bytes > largeWal
    ? warning(
        'wal',
        `The -wal has grown to ${sizeText(bytes)}: something reads the database for very long, such as ` +
          'a backup or a shell. End that; a restart of the service takes the -wal away.',
      )
    : ok('wal', `The -wal has ${sizeText(bytes)}.`);
}

export function checkMigrations(pending: number, clientele: string): Finding {
  return pending === 0
    ? ok('migrations', 'The tables are those of this version.')
    : warning(
        'migrations',
        `${pending} of this version are to be applied still. Take a backup, then start the service, ` +
          'which does so, or run:',
        `${clientele} migrate`,
      );
}

export function checkCorporations(count: number, clientele: string): Finding {
  return count > 0
    ? ok('corporations', `${count} in the database.`)
    : warning(
        'corporations',
        'There are none, so no customer can be created. Create one:',
        `${clientele} corporation create --legal-name Globex --jurisdiction US`,
      );
}

export function checkTokens(
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
function attempt(check: string, look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    return failed(check, error);
  }
}

function failed(check: string, error: unknown): Finding {
  if (!(error instanceof OperationalError)) throw error;
  return problem(check, error.message);
}
