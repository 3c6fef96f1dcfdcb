import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWireName, toWireName } from '../src/rest/names.js';

const name = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('_', 'a', 'A', '1', 'B', 'b') }),
);

test('every name that is sent comes back from the service as it was sent', () => {
  fc.assert(fc.property(name, (sent) => toWireName(fromWireName(sent)) === sent));
});

test.each([
  ['name', 'name'],
  ['line1', 'line1'],
  ['corporation_id', 'corporationId'],
  ['source_platform_id', 'sourcePlatformId'],
])('%s is %s inside', (wire, inside) => {
  expect(fromWireName(wire)).toBe(inside);
  expect(toWireName(inside)).toBe(wire);
});

test.each(['corporationId', 'line_1', '_name', 'name_', '__proto__', 'corporation__id'])(
  '%s is no name of ours inside',
  (sent) => {
    expect(['corporationId', 'line1', 'name', '__proto__']).not.toContain(fromWireName(sent));
  },
);
