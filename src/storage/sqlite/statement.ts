import type { Database } from 'better-sqlite3';
import { type Column, type GetColumnData, is, Param, Placeholder, type Query } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';

/** Drizzle's handle on the database, with better-sqlite3's own behind it. */
export type Connection = BetterSQLite3Database & { $client: Database };

type Values = Readonly<Record<string, unknown>>;

/**
 * A statement that Drizzle wrote, prepared once, that runs with the values of its placeholders.
 * Drizzle's own prepared statements find out anew for each run how every value is to be mapped,
 * which takes as long as SQLite does.
 */
export function prepareRun(db: Connection, query: { toSQL(): Query }) {
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare(sql);
  const bind = binder(params);
  return (values: Values) => statement.run(bind(values));
}

/** As `prepareRun`, for a select of those columns: returns the row, or null for none. */
export function prepareGet<Columns extends Record<string, Column>>(
  db: Connection,
  columns: Columns,
  query: { toSQL(): Query },
): (values: Values) => Row<Columns> | null {
  const { sql, params } = query.toSQL();
  const statement = db.$client.prepare<unknown[], unknown[]>(sql).raw();
  const bind = binder(params);
  const read = reader(columns);
  return (values) => {
    const row = statement.get(bind(values));
    return row ? read(row) : null;
  };
}

function binder(params: unknown[]): (values: Values) => unknown[] {
  const sources = params.map((param) => {
    if (is(param, Placeholder)) return ({ [param.name]: value }: Values) => value;
    if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
    const { encoder } = param;
    const { name } = param.value;
    return (values: Values) => encoder.mapToDriverValue(values[name]);
  });
  return (values) => sources.map((source) => source(values));
}

type Row<Columns extends Record<string, Column>> = {
  [Name in keyof Columns]: GetColumnData<Columns[Name]>;
};

function reader<Columns extends Record<string, Column>>(columns: Columns) {
  const named = Object.entries(columns);
  return (row: unknown[]): Row<Columns> => {
    const record: Record<string, unknown> = {};
    for (const [index, [name, column]] of named.entries()) {
      const value = row[index];
      record[name] = value === null ? null : column.mapFromDriverValue(value);
    }
    return record as Row<Columns>;
  };
}
