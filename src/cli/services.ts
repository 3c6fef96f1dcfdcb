import { readConfig } from '../config.js';
import { createServices, type Services } from '../services.js';
import { openStorage } from '../storage/open.js';

/** Opens the database that the settings name, runs `work` on it, and closes it again. */
export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  // The limit of the write queue protects a server from its callers; here the caller is at hand.
  const storage = await openStorage({ ...readConfig(), writeQueueLimit: Number.MAX_SAFE_INTEGER });
  try {
    return await work(createServices(storage));
  } finally {
    await storage.close();
  }
}
