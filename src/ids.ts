import { typeidUnboxed } from 'typeid-js';

/** The kinds of things that have an id, by the prefix that tells them apart. */
export type IdPrefix = 'cust' | 'corp' | 'tok';

/** A new TypeID (https://github.com/jetify-com/typeid): unique, and sorting by when it was made. */
export function newId(prefix: IdPrefix): string {
  return typeidUnboxed(prefix);
}

/** Whether an id is of that kind by its prefix; ids given from outside may have none. */
export function hasPrefix(id: string, prefix: IdPrefix): boolean {
  return id.startsWith(`${prefix}_`);
}
