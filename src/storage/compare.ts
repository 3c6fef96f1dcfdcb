import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  firstKey,
  type Key,
  keyOf,
  type Table,
  type Transfer,
  type TransferRecord,
} from './transfer.js';

/** What two databases have under one key; null for nothing. */
export type Pair = { source: TransferRecord | null; target: TransferRecord | null };

/** Records that are read at once, and so written in one commit. The answer to a bulk call is large. */
export const pageSize = {
  corporations: 1000,
  customers: 1000,
  tokens: 1000,
  idempotencyRecords: 100,
} satisfies Record<Table, number>;

/** Everything in the table of either, in the order of the keys; a page of each is in memory. */
export async function* pairs(
  source: Transfer,
  target: Transfer,
  table: Table,
): AsyncGenerator<Pair> {
  const sources = every(source, table);
  const targets = every(target, table);
  let left = await sources.next();
  let right = await targets.next();
  while (!left.done || !right.done) {
    const order = left.done ? 1 : right.done ? -1 : compareKeys(left.value, right.value);
    yield {
      source: !left.done && order <= 0 ? left.value : null,
      target: !right.done && order >= 0 ? right.value : null,
    };
    if (order <= 0) left = await sources.next();
    if (order >= 0) right = await targets.next();
  }
}

async function* every(transfer: Transfer, table: Table): AsyncGenerator<TransferRecord> {
  let after: Key = firstKey[table];
  for (;;) {
    const page = await transfer.read(table, after, pageSize[table]);
    // SQLite answers in the same turn, and an interruption would wait to the end.
    await nextTurn();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize[table]) return;
    after = keyOf(last);
  }
}

/** As both databases compare them: by the bytes of UTF-8, which JavaScript's own order is not. */
function compareKeys(left: TransferRecord, right: TransferRecord): number {
  const others = keyOf(right);
  for (const [n, part] of keyOf(left).entries()) {
    const other = others[n] ?? '';
    if (part !== other) return Buffer.compare(Buffer.from(part), Buffer.from(other));
  }
  return 0;
}

/** SHA-256 over records, given in their canonical form, one a line; and how many there were. */
export function createDigest() {
  const hash = createHash('sha256');
  let rows = 0;
  return {
    add(text: string): void {
      rows++;
      hash.update(`${text}\n`);
    },
    result: () => ({ rows, sha256: hash.digest('hex') }),
  };
}

/** JSON that is the same for what is the same, in whatever order a database gives fields. */
export function canonical(record: TransferRecord): string {
  return JSON.stringify(inOrder(record));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(fields).sort()) ordered[name] = inOrder(fields[name]);
  return ordered;
}
