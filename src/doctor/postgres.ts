import { OperationalError } from '../errors.js';
import { nameOf, type PostgresDatabase } from '../storage/database.js';
import { inspectPostgres, type PostgresState } from '../storage/inspect.js';
import { checkClock } from './clock.js';
import { checkCorporations, checkMigrations, checkTokens } from './database.js';
import { type Finding, ok, problem, warning } from './finding.js';

export type PostgresOptions = {
  database: PostgresDatabase;
  /** What the clock says, in ms since the epoch. */
  now: number;
  /** How the command line is called. */
  clientele: string;
};

/** A database of PostgreSQL: whether it answers, takes writes, is up to date and in use. */
export async function* checkPostgres({
  database,
  now,
  clientele,
}: PostgresOptions): AsyncGenerator<Finding> {
  let state: PostgresState;
  try {
    state = await inspectPostgres(database);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    yield problem('database', error.message);
    return;
  }
  const { version, takesWrites, migrations, content } = state;
  const name = nameOf(database);
  yield takesWrites
    ? ok('database', `${name} answers: ${version.split(' on ')[0]}.`)
    : problem('database', `${name} takes no writes: it is a standby, or set so. Name its primary.`);
  yield migrations.unknown > 0
    ? warning('migrations', 'A newer version has added to the tables. Replace this one soon.')
    : checkMigrations(migrations.pending, clientele);
  if (!content) return;
  yield checkClock({ now, madeAt: migrations.newest, newestRow: content.newest });
  yield checkCorporations(content.corporations, clientele);
  yield checkTokens(content.tokens, now, clientele);
}
