/** Which database, and where it is. */
export type Database = SqliteDatabase;

/** A file by its path, or `:memory:`. Its folder is made when it is missing. */
export type SqliteDatabase = { kind: 'sqlite'; path: string };
