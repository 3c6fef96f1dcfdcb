import { z } from 'zod';
import { toWireName } from '../names.js';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 has it. */
export type Schema = {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  [keyword: string]: unknown;
};

/** To one who sends, the rules that JSON Schema has no keyword for are told in words. */
type Audience = 'sender' | 'reader';

/** What a zod schema takes, in the spelling of the wire. */
export function toSchema(schema: z.ZodType, audience: Audience = 'sender'): Schema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input' });
  const words = (inner: Schema) => inWords(inner, audience);
  return everywhere(everywhere(everywhere(made as Schema, flattened), respelled), words);
}

/** The property at a path of names as the service spells them. */
export function propertyOf(schema: Schema, [name, ...rest]: readonly string[]): Schema {
  if (name === undefined) return schema;
  const within = schema.properties ? schema : schema.anyOf?.find(({ properties }) => properties);
  const property = within?.properties?.[toWireName(name)];
  if (!property) throw new Error(`There is no ${name} in the schema.`);
  return propertyOf(property, rest);
}

/** The same schema where null cannot be said, as in a query. */
export function withoutNull({ type, ...schema }: Schema): Schema {
  const [first = '', ...others] = [type ?? []].flat().filter((name) => name !== 'null');
  return { type: others.length > 0 ? [first, ...others] : first, ...schema };
}

/** The schema with the step taken for it and for all that are within it, the innermost first. */
function everywhere(schema: Schema, step: (schema: Schema) => Schema): Schema {
  const { properties, items, anyOf } = schema;
  const inner = (each: Schema) => everywhere(each, step);
  return step({
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, inner(property)]),
      ),
    }),
    ...(items && { items: inner(items) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
  });
}

/** "A string or null" is said by two types, which every reader knows; of objects by a choice. */
function flattened(schema: Schema): Schema {
  const { anyOf, ...outer } = schema;
  const [inner, none, ...others] = anyOf ?? [];
  if (!inner?.type || inner.type === 'object' || none?.type !== 'null' || others.length > 0) {
    return schema;
  }
  return { ...inner, ...outer, type: [inner.type, 'null'].flat() };
}

function respelled(schema: Schema): Schema {
  const { properties, required = [] } = schema;
  if (!properties) return schema;
  const named = Object.entries(properties);
  // In every input of ours what may be null may be left out, which a preprocessing step hides.
  const needed = named.filter(([name, of]) => required.includes(name) && !isNullable(of));
  const { required: _, ...others } = schema;
  return {
    ...others,
    properties: Object.fromEntries(named.map(([name, of]) => [toWireName(name), of])),
    ...(needed.length > 0 && { required: needed.map(([name]) => toWireName(name)) }),
  };
}

function isNullable({ type, anyOf = [] }: Schema): boolean {
  return [type].flat().includes('null') || anyOf.some(isNullable);
}

function inWords(schema: Schema, audience: Audience): Schema {
  const { description, rules, blank, default: fallback, minLength, ...others } = schema;
  const told = audience === 'sender' ? [description, rules, blank] : [description];
  const text = told.filter((part) => part !== undefined).join(' ');
  return {
    ...(text && { description: text }),
    ...others,
    ...(minLength !== 0 && minLength !== undefined && { minLength }),
    // That what is left out is null goes without saying.
    ...(fallback !== null && fallback !== undefined && { default: fallback }),
  };
}
