/** Which database, and where it is. */
export type Database = SqliteDatabase | PostgresDatabase;

/** A file by its path, or `:memory:`. Its folder is made when it is missing. */
export type SqliteDatabase = { kind: 'sqlite'; path: string };

/** A database of PostgreSQL, or of what speaks its protocol. What is null the driver's defaults fill. */
export type PostgresDatabase = {
  kind: 'postgres';
  /** One, or several of which the one that takes writes is looked for, also again later. */
  servers: readonly { host: string; port: number }[];
  name: string | null;
  user: string | null;
  password: string | null;
  ssl: 'disable' | 'prefer' | 'require' | 'verify-full';
  /** Connections that one process opens at most. */
  connectionLimit: number;
  applicationName: string;
};

/** How it is named in messages and logs: without a password. */
export function nameOf(database: Database): string {
  if (database.kind === 'sqlite') return database.path;
  const servers = database.servers.map(({ host, port }) =>
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  );
  return `postgres://${servers.join(',')}/${database.name ?? ''}`;
}
