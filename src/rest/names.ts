import { LRUCache } from 'lru-cache';

/**
 * REST spells names in snake_case, the service in camelCase: `external_id` is `externalId` inside.
 * The spellings map one to one for any name at all, so `externalId` from outside must be something
 * else inside (`external_Id`), which the service does not know, and reports as it was sent.
 */

/** How deep the names of a body are translated: a list, an item, an address, and one to spare. */
const maxDepth = 4;

export function fromWireName(name: string): string {
  // `memo` alone makes an object for each call.
  return spellings.get(name) ?? spellings.memo(name);
}

/** Nearly all names that are ever sent are the few that the service knows. */
const spellings = new LRUCache<string, string>({
  maxSize: 10_000,
  sizeCalculation: (_, name) => name.length + 1,
  memoMethod: (name) =>
    name.replace(/_([a-z])|[A-Z_]/g, (match, letter: string | undefined) =>
      letter ? letter.toUpperCase() : `_${match}`,
    ),
});

export function toWireName(name: string): string {
  return name.replace(/_([A-Z_])|[A-Z]/g, (match, escaped: string | undefined) =>
    escaped ? escaped : `_${match.toLowerCase()}`,
  );
}

/** What the service calls by a name that is not the same in the other spelling. */
const queryNames = new Map([
  ['first', 'limit'],
  ['after', 'cursor'],
  ['search', 'search_term'],
]);

/** A name as its sender spelled it, which the service cannot take for one of its own. */
export function asSent(name: string): string {
  return `_${name}`;
}

/**
 * The path of an issue as the caller spelled it: within the body, or the name of a parameter of the
 * query or of a header.
 */
export function toWirePath([root = '', ...path]: readonly string[]): string {
  switch (root) {
    case 'input':
      return path.map(toWireName).join('.');
    case 'inputs':
      return ['customers', ...path.map(toWireName)].join('.');
    case 'idempotencyKey':
      return 'Idempotency-Key';
    case 'filter':
      return toParameter(path[0] ?? '');
    default:
      return root.startsWith('_') ? root.slice(1) : toParameter(root);
  }
}

function toParameter(name: string): string {
  return queryNames.get(name) ?? toWireName(name);
}

/** The same JSON value with the names of its objects in the service's spelling. */
export function fromWire(value: unknown, depth = maxDepth): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => fromWire(item, depth - 1));
  const translated: Record<string, unknown> = {};
  const given = value as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    // No name comes out as `__proto__`: two underscores from outside are four inside.
    translated[fromWireName(name)] = fromWire(given[name], depth - 1);
  }
  return translated;
}
