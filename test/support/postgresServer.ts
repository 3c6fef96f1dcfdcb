import type { TestProject } from 'vitest/node';
import { PostgresCluster } from './postgresCluster.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of the server, without a database; absent when the tests run on SQLite. */
    postgresServer?: string;
    /** The file with the certificate that it shows. */
    postgresCertificate?: string;
  }
}

/** A server for this run alone. What is returned takes it away again. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await PostgresCluster.start({ max_connections: 500 });
  project.provide('postgresServer', cluster.url);
  project.provide('postgresCertificate', cluster.certificate);
  return () => cluster.stop();
}
