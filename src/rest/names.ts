/**
 * REST spells names in snake_case, the service in camelCase: `external_id` is `externalId` inside.
 * The spellings map one to one for any name at all, so `externalId` from outside must be something
 * else inside (`external_Id`), which the service does not know, and reports as it was sent.
 */

/** How deep the names of a body are translated: a list, an item, an address, and one to spare. */
const maxDepth = 4;

export function fromWireName(name: string): string {
  return name.replace(/_([a-z])|[A-Z_]/g, (match, letter: string | undefined) =>
    letter ? letter.toUpperCase() : `_${match}`,
  );
}

export function toWireName(name: string): string {
  return name.replace(/_([A-Z_])|[A-Z]/g, (match, escaped: string | undefined) =>
    escaped ? escaped : `_${match.toLowerCase()}`,
  );
}

/** The same JSON value with the names of its objects in the service's spelling. */
export function fromWire(value: unknown, depth = maxDepth): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => fromWire(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [fromWireName(name), fromWire(item, depth - 1)]),
  );
}
