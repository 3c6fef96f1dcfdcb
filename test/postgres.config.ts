import { defineConfig } from 'vitest/config';
import config from './vitest.config.js';

/** The same tests, on a PostgreSQL server of their own, and those about what is PostgreSQL's own. */
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    globalSetup: 'test/support/postgresServer.ts',
    exclude: [
      // About the file of SQLite alone: copies of it, faults of it and of its disk, and its log.
      'test/backup.test.ts',
      'test/faults.test.ts',
      'test/durability/kills.test.ts',
      'test/doctor.test.ts',
      // About its migrations; those of PostgreSQL have tests of their own.
      'test/migrations.test.ts',
    ],
  },
});
