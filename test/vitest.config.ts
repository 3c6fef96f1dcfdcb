import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Pothos and Yoga load graphql as CommonJS, and Vitest would give our own files its ES module;
  // two copies of it refuse each other's types.
  resolve: {
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // They need a PostgreSQL server: npm run test:postgres.
    exclude: ['test/postgres/**'],
    // One more than there are cores, since many tests wait for processes that they start.
    maxWorkers: availableParallelism() + 1,
    // No test is about time, and a machine that others use may take three times as long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
