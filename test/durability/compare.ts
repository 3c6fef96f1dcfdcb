import { expect } from 'vitest';
import type { Client } from '../support/client.js';
import { type Face, faces, type Page } from '../support/faces.js';
import type { Row } from './database.js';
import { agree, type Call, type Entry, type Ledger } from './ledger.js';
import type { Random } from './random.js';

type Compared = { ledger: Ledger; random: Random };

/** Lists to the end, totals, and a few customers by id and by what they are searched by. */
export async function compareFaces(
  client: Client,
  rows: Row[],
  { ledger, random, corporationIds: all }: Compared & { corporationIds: string[] },
): Promise<void> {
  const entries = [...ledger.entries.values()];
  const corporationIds = random.shuffled(all);
  for (const face of faces) {
    // To list both over both would take twice as long; the other one has its turn another time.
    const corporationId = corporationIds.pop() ?? '';
    const there = rows.filter((row) => row.corporationId === corporationId);
    const listed = await listAll(face, client, corporationId);
    expect(listed.ids).toEqual(there.map(({ id }) => id));
    expect(listed.names).toEqual(there.map(({ name }) => name));
    expect(listed.totals).toEqual(new Set([there.length]));
    for (let n = 0; n < 5; n++) {
      const row = random.pick(rows);
      const customer = await face.read(client, row.id);
      if (!customer || !agree(customer, row)) {
        throw new Error(`${face.name} reads ${JSON.stringify(customer)} of ${JSON.stringify(row)}`);
      }
      const { corporationId, name, email } = row;
      const bySearch = await face.list(client, {
        corporationId,
        filter: { search: name.slice(2) },
      });
      expect((bySearch as Page).ids).toContain(row.id);
      if (email) {
        const byEmail = await face.list(client, { corporationId, filter: { email } });
        expect((byEmail as Page).ids).toEqual([row.id]);
      }
    }
    const gone = entries.filter(({ id, now }: Entry) => id && !now);
    for (const { id } of gone.slice(-5)) expect(await face.read(client, id ?? '')).toBeNull();
  }
}

/**
 * Makes the calls twice more that were not answered: each is then done exactly once. Resolves to how
 * many that are; without a key a call is not to be repeated.
 */
export async function repeat(
  client: Client,
  settled: { call: Call; done: boolean }[],
  { ledger, random }: Compared,
): Promise<number> {
  const keyed = settled.filter(({ call }) => call.claims.length > 0);
  for (const { call, done } of keyed) {
    const again = () => call.send(client, random.pick(call.faces));
    ledger.acknowledge(call, await again(), done);
    ledger.acknowledge(call, await again(), true);
  }
  ledger.release(settled.map(({ call }) => call));
  return keyed.length;
}

async function listAll(face: Face, client: Client, corporationId: string) {
  const ids: string[] = [];
  const names: string[] = [];
  const totals = new Set<number>();
  let cursor: string | null = null;
  do {
    const page: Page = (await face.list(client, { corporationId, size: 100, cursor })) as Page;
    ids.push(...page.ids);
    names.push(...page.names);
    totals.add(page.total);
    cursor = page.next;
  } while (cursor);
  return { ids, names, totals };
}
