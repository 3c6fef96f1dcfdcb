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
      'test/writer.test.ts',
      // About its migrations; those of PostgreSQL have tests of their own.
      'test/migrations.test.ts',
      // About what the command line and the pages show, what comes before any database, and what needs none.
      'test/compiled.test.ts',
      'test/http-limits.test.ts',
      'test/log.test.ts',
      'test/dev.test.ts',
      'test/help.test.ts',
      'test/terminal.test.ts',
      'test/graphiql.test.ts',
      'test/pages.test.ts',
      'test/schema-changes.test.ts',
      'test/security.test.ts',
      'test/everyday.test.ts',
      'test/graphql-limits.test.ts',
      'test/names.test.ts',
      'test/schema.test.ts',
      // About how the REST API is described, and that it answers so.
      'test/openapi.test.ts',
      'test/openapi-replies.test.ts',
      'test/openapi-samples.test.ts',
    ],
  },
});
