import { describe, expect, test } from 'vitest';
import { createSchema } from '../src/graphql/schema.js';
import { printSdl } from '../src/graphql/sdl.js';

describe('schema.graphql', () => {
  const schema = createSchema();

  test('is what the code prints', async () => {
    await expect(printSdl()).toMatchFileSnapshot('../schema.graphql');
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
