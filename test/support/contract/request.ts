import type { Json } from '../client.js';
import type { Validator } from './validator.js';

export type Sent = {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  /** The body as JSON; undefined for one that is none. */
  json: unknown;
};

/** What is wrong with a request by the document, or null. */
export function wrongWithRequest(
  { path, headers, json }: Sent,
  operation: Json,
  resolve: (node: Json) => Json,
  validate: Validator,
): string | null {
  const found: (string | null)[] = [];
  const parameters: Json[] = (operation.parameters ?? []).map(resolve);
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  // Calls that take nothing from the query do not look at it.
  for (const name of inQuery.length > 0 ? query.keys() : []) {
    if (!inQuery.some((parameter) => parameter.name === name)) {
      found.push(`the query has ${name}, which is not documented`);
    }
  }
  for (const { name, schema, required } of inQuery) {
    const values = query.getAll(name);
    if (values.length > 0) found.push(told(`?${name}`, validate(schema, fromText(values, schema))));
    else if (required) found.push(`the query lacks ${name}`);
  }
  const key = Object.entries(headers).find(([name]) => name.toLowerCase() === 'idempotency-key');
  const keyed = parameters.find(({ name }) => name === 'Idempotency-Key');
  if (key && keyed) {
    found.push(told(key[0], validate(keyed.schema, key[1].replace(/^"(.*)"$/, '$1'))));
  }
  const schema = operation.requestBody?.content['application/json'].schema;
  if (schema) found.push(wrongWithBody(schema, json, validate));
  return found.find((wrong) => wrong !== null) ?? null;
}

/** What is wrong with a body, also when the white space is taken away as the document says. */
export function wrongWithBody(schema: Json, json: unknown, validate: Validator): string | null {
  const wrong = validate(schema, json);
  return wrong === null || validate(schema, trimmed(json)) === null ? null : told('body', wrong);
}

function told(where: string, wrong: string | null): string | null {
  return wrong === null ? null : `${where}: ${wrong}`;
}

/** A value of the query or of a header as what its schema says it is. */
export function fromText(values: string[], { type }: Json): unknown {
  if (type === 'array') return values.flatMap((value) => value.split(','));
  if (values.length > 1) return values;
  const [value = ''] = values;
  return type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function trimmed(value: any): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, trimmed(item)]));
}
