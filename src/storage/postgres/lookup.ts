/**
 * Looks up by keys, all that are asked for in one turn of the event loop together: requests that come
 * in at once then share a statement, and what it costs to send one. What is found is as it was
 * after the request came in, and it is not kept.
 */
export function createLookup<Found>(
  findAll: (keys: string[]) => Promise<Found[]>,
  keyOf: (found: Found) => string,
): (key: string) => Promise<Found | null> {
  let next: { keys: Set<string>; found: Promise<ReadonlyMap<string, Found>> } | null = null;

  function begin() {
    const keys = new Set<string>();
    const endOfTurn = new Promise<void>((resolve) => setImmediate(resolve));
    const found = endOfTurn.then(async () => {
      next = null;
      const all = await findAll([...keys]);
      return new Map(all.map((each) => [keyOf(each), each]));
    });
    return { keys, found };
  }

  return async (key) => {
    next ??= begin();
    const { keys, found } = next;
    keys.add(key);
    return (await found).get(key) ?? null;
  };
}
