import type { Json } from '../client.js';

/** What the document says of a request: the operation, or null for a method that the path has not. */
export type Route = { path: string; operation: Json | null };

/** Finds the path of the document that a URL leads to; undefined where it has none. */
export function createRouter(document: Json) {
  const paths = Object.entries<Json>(document.paths).map(([path, item]) => ({
    path,
    item,
    // What is spelled out comes before what is left open, as OpenAPI has it.
    isOpen: path.includes('{'),
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
  }));
  paths.sort((a, b) => Number(a.isOpen) - Number(b.isOpen));
  const prefixes = document.servers.map(({ url }: Json) => url.replace(/\/$/, ''));

  return (method: string, url: string): Route | undefined => {
    const [target = ''] = url.split('?');
    const found = paths.filter(({ item, pattern }) => {
      const within = item.servers ? [''] : prefixes;
      return within.some(
        (prefix: string) => target.startsWith(prefix) && pattern.test(target.slice(prefix.length)),
      );
    });
    const name = method === 'HEAD' ? 'get' : method.toLowerCase();
    const at = found.find(({ item }) => item[name]) ?? found[0];
    return at && { path: at.path, operation: at.item[name] ?? null };
  };
}
