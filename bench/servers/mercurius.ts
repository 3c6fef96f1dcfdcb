import { openDatabase } from './shared/database.js';
import { serveMercurius } from './shared/mercurius.js';

/** Mercurius with its JIT, one commit a request. */
await serveMercurius(openDatabase());
