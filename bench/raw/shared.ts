import { typeidUnboxed } from 'typeid-js';
import { loadSqlite } from '../lib/build.js';
import { reference } from '../workload/reference.js';

/** Inserts into Clientele's own table, with its own settings, and with nothing around them. */
export async function openRaw(path: string) {
  const { openDatabase } = await loadSqlite();
  const database = openDatabase(path);
  const insert = database.prepare(`
    insert into customers (id, corporation_id, name, email, external_id, shipping_address,
      source_platform, source_platform_id, version, created_at, updated_at)
    values (?, ?, ?, ?, ?, ?, null, null, 1, ?, ?)`);
  const { corporationId, name, email } = reference;
  const address = JSON.stringify(reference.shippingAddress);

  let number = database.prepare('select count(*) from customers').pluck().get() as number;
  return {
    database,
    /** Inserts one customer, with an id as all in this table have it. */
    insertNext() {
      number++;
      const now = Date.now();
      insert.run(
        ...[typeidUnboxed('cust'), corporationId, name, email, `ext_raw_${number}`, address],
        ...[now, now],
      );
    },
  };
}
