import {
  type Column,
  type GetColumnData,
  is,
  Param,
  Placeholder,
  type Query,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { Queries } from './run.js';

type Values = Readonly<Record<string, unknown>>;

/** How Drizzle's columns come to the values of a row. */
export type Row<Columns extends Record<string, Column>> = {
  [Name in keyof Columns]: GetColumnData<Columns[Name]>;
};

/**
 * A statement that Drizzle wrote, and that each connection prepares once, of those columns. Drizzle's
 * own would ask the server for the types of its parameters each time, and so wait twice for it.
 */
export function prepare<Columns extends Record<string, Column>>(
  columns: Columns,
  query: { toSQL(): Query },
): (client: Queries, values: Values) => Promise<Row<Columns>[]> {
  const { sql, params } = query.toSQL();
  const bind = binder(params);
  const read = reader(columns);
  return async (client, values) => {
    const rows = await client.unsafe(sql, bind(values), { prepare: true }).values();
    return rows.map(read);
  };
}

/** As `prepare`, for what gives back no rows: resolves to how many it changed. */
export function prepareRun(query: {
  toSQL(): Query;
}): (client: Queries, values: Values) => Promise<number> {
  const { sql, params } = query.toSQL();
  const bind = binder(params);
  return async (client, values) =>
    (await client.unsafe(sql, bind(values), { prepare: true })).count;
}

/** Runs a query that is not often the same, and so is planned for what it asks. */
export async function select<Columns extends Record<string, Column>>(
  client: Queries,
  columns: Columns,
  query: { toSQL(): Query },
): Promise<Row<Columns>[]> {
  const { sql, params } = query.toSQL();
  const rows = await client.unsafe(sql, params as never[]).values();
  return rows.map(reader(columns));
}

/** Whether a column has one of the values of a placeholder, a list of texts. */
export function isOneOf(column: Column, placeholder: string): SQL {
  const list = sql.param(sql.placeholder(placeholder), asJson);
  return sql`${column} in (select jsonb_array_elements_text(${list}::jsonb))`;
}

const asJson = { mapToDriverValue: (value: unknown) => JSON.stringify(value) };

function binder(params: unknown[]): (values: Values) => never[] {
  const sources = params.map((param) => {
    if (is(param, Placeholder)) return ({ [param.name]: value }: Values) => value;
    if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
    const { encoder } = param;
    const { name } = param.value;
    return ({ [name]: value }: Values) => (value == null ? null : encoder.mapToDriverValue(value));
  });
  return (values) => sources.map((source) => source(values)) as never[];
}

export function reader<Columns extends Record<string, Column>>(columns: Columns) {
  const named = Object.entries(columns);
  return (row: ArrayLike<unknown>): Row<Columns> => {
    const record: Record<string, unknown> = {};
    for (const [index, [name, column]] of named.entries()) {
      const value = row[index];
      record[name] = value === null ? null : column.mapFromDriverValue(value);
    }
    return record as Row<Columns>;
  };
}
