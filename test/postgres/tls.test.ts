import { expect, inject, test } from 'vitest';
import { clientele } from '../support/command.js';
import { openDatabase, rowsOf, useDatabases } from '../support/database.js';
import { PostgresCluster } from '../support/postgresCluster.js';

const newDatabase = useDatabases();

/** Whether what is sent to a database can be read by nobody on the way. */
async function isEncrypted(url: string): Promise<boolean> {
  const storage = await openDatabase(url);
  try {
    await storage.ping();
    const [row] = await rowsOf(
      url,
      `select bool_and(ssl) as it from pg_stat_ssl join pg_stat_activity using (pid)
       where datname = current_database() and application_name = 'clientele'`,
    );
    return row?.it;
  } finally {
    await storage.close();
  }
}

test.each([
  ['disable', false],
  ['prefer', true],
  ['require', true],
])('sslmode=%s sends what can be read by nobody on the way: %s', async (mode, expected) => {
  expect(await isEncrypted(`${await newDatabase()}?sslmode=${mode}`)).toBe(expected);
});

test('a server without TLS is refused by sslmode=require, and by no other that the URL names', async () => {
  const bare = await PostgresCluster.start({ ssl: 'off' });
  try {
    const url = `${bare.url}/postgres`;
    await expect(openDatabase(`${url}?sslmode=require`)).rejects.toThrow(
      /cannot be opened: 127\.0\.0\.1 does not offer TLS, which sslmode=require asks for\.$/,
    );
    expect(await isEncrypted(`${url}?sslmode=prefer`)).toBe(false);
  } finally {
    await bare.stop();
  }
});

test('sslmode=verify-full takes the certificate of that host alone, from an authority that is known', async () => {
  const url = `${await newDatabase()}?sslmode=verify-full`;
  const local = url.replace('127.0.0.1', 'localhost');
  const known = { NODE_EXTRA_CA_CERTS: inject('postgresCertificate') as string };
  const doctor = async (DATABASE_URL: string, environment = {}) =>
    (await clientele(['doctor', '--json'], { DATABASE_URL, ...environment })).stdout;

  expect(await doctor(local)).toContain('self-signed certificate');
  expect(await doctor(url, known)).toContain("IP: 127.0.0.1 is not in the cert's list");
  expect(await doctor(local, known)).toContain('answers: PostgreSQL');
});
