import { typeidUnboxed } from 'typeid-js';
import { loadStorage } from '../lib/build.js';
import { serveMercurius } from './shared/mercurius.js';

/**
 * Mercurius with its JIT on Clientele's own storage: the group-committing writer, the tuned
 * database, time-ordered ids. What is left between the two is HTTP and GraphQL.
 */

const { openStorage } = await loadStorage();
const storage = await openStorage({
  database: { kind: 'sqlite', path: process.env.DATABASE ?? '' },
  writeQueueLimit: 10_000,
});

await serveMercurius({
  findToken: storage.tokens.byHash,
  async insertCustomer(input) {
    const createdAt = new Date();
    const result = await storage.customers.insert(() => {
      const at = createdAt.getTime();
      return { id: typeidUnboxed('cust'), ...input, version: 1, createdAt: at, updatedAt: at };
    }, null);
    if (!('record' in result)) throw new Error(result.outcome);
    return { ...input, id: result.record.id, createdAt };
  },
});
