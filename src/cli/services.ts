import type { Services } from '../services.js';
import { nameOf } from '../storage/database.js';
import { CommandError } from './exit.js';

/**
 * Opens the database that the settings name, runs `work` on it, and closes it again. One that is not
 * there is made only for a command that can be the first: any other was told the wrong place.
 */
export async function withServices<T>(
  work: (services: Services) => Promise<T>,
  { first = false } = {},
): Promise<T> {
  // Loaded here, so that help and what is wrong with the options come at once.
  const [{ readConfig }, { createServices }, { databaseExists, openStorage }] = await Promise.all([
    import('../config.js'),
    import('../services.js'),
    import('../storage/open.js'),
  ]);
  const config = readConfig();
  const { database } = config;
  if (!first && !(await databaseExists(database))) {
    throw new CommandError(
      `There is no database ${nameOf(database)}. DATABASE_URL says where it is; the first start makes it.`,
    );
  }
  // The limit of the write queue protects a server from its callers; here the caller is at hand.
  const storage = await openStorage({ ...config, writeQueueLimit: Number.MAX_SAFE_INTEGER });
  try {
    return await work(createServices(storage));
  } finally {
    await storage.close();
  }
}
