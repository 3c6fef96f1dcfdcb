import { printSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../src/graphql/schema.js';

describe('schema.graphql', () => {
  const schema = createSchema();

  test('is what the code prints', async () => {
    await expect(`${printSchema(schema)}\n`).toMatchFileSnapshot('../schema.graphql');
  });

  test('describes every type, field, argument, input field and enum value', () => {
    const missing: string[] = [];
    const check = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description?.trim()) missing.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      check(type.name, type);
      if ('getValues' in type) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      }
      if (!('getFields' in type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        for (const argument of 'args' in field ? field.args : []) {
          check(`${type.name}.${field.name}(${argument.name})`, argument);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  test('has an interface that every error implements', () => {
    const errors = Object.keys(schema.getTypeMap()).filter((name) => /.Error$/.test(name));
    const implementations = schema
      .getPossibleTypes(schema.getType('Error') as never)
      .map((type) => type.name);
    expect(errors.length).toBeGreaterThan(0);
    expect(implementations.sort()).toEqual(errors.sort());
  });
});
