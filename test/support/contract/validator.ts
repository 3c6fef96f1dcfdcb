import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json } from '../client.js';

/** Tells what is wrong with a value by a schema of the document, or null. */
export type Validator = (schema: Json, value: unknown) => string | null;

/**
 * Validates by the schemas of an OpenAPI document. Objects are closed: what the document does not
 * have a word for is wrong, though it lets clients expect that there may come to be more.
 */
export function createValidator(schemas: Json): Validator {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
  (addFormats as unknown as (to: Ajv) => void)(ajv);
  ajv.addSchema({ $id: root, components: { schemas: closed(schemas) } });
  const compiled = new WeakMap<Json, ValidateFunction>();

  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(closed(schema));
    compiled.set(schema, validate);
    if (validate(value)) return null;
    return (validate.errors ?? [])
      .slice(0, 10)
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${toText(params)}`)
      .join('\n');
  };
}

const root = 'openapi.json';

function closed(node: any): any {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const made = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' ? `${root}${value}` : closed(value),
    ]),
  );
  return made.type === 'object' && made.properties
    ? { additionalProperties: false, ...made }
    : made;
}

function toText(params: object): string {
  return Object.keys(params).length > 0 ? JSON.stringify(params) : '';
}
