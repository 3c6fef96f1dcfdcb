import { readConfig } from '../config.js';
import { createServices, type Services } from '../services.js';
import { openStorage } from '../storage/open.js';

/** Opens the database that the settings name, runs `work` on it, and closes it again. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const storage = await openStorage(readConfig());
  try {
    return await work(createServices(storage));
  } finally {
    await storage.close();
  }
}
