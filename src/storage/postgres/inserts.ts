import { fold } from '../fold.js';
import type { Customer, IdempotencyClaim, InsertCustomerOutcome } from '../storage.js';
import { TryAgain } from './faults.js';
import { settledBy } from './idempotency.js';
import type { Queries } from './run.js';
import { reader } from './statement.js';
import { customerColumns } from './tables.js';

export type Insert = { customer: Customer; claim: IdempotencyClaim | null };

/** What came of an insert, told as soon as it is known. */
export type Settle<Item extends Insert> = (item: Item, outcome: InsertCustomerOutcome) => void;

/** So often are inserts tried of which others keep every one. */
const maxRounds = 10;

/**
 * Inserts each on its own, in one statement as long as nothing speaks against any of them: the
 * indexes decide, and the record of a key is kept with its row or not at all. What was not inserted
 * is then explained by a second. The SQL is written by hand, for Drizzle knows no rows out of JSON;
 * as parameters of their own they would make a statement for each number of them.
 */
export async function insertAll<Item extends Insert>(
  client: Queries,
  items: Item[],
  settle: Settle<Item>,
): Promise<void> {
  let open = items;
  for (let fruitless = 0; open.length > 0; ) {
    if (fruitless === maxRounds) throw new TryAgain();
    const inserted = await insertThose(client, firstOf(open));
    const left: Item[] = [];
    for (const item of open) {
      const { customer } = item;
      if (!inserted.has(customer.id)) left.push(item);
      else settle(item, { outcome: 'written', record: customer, replayed: false });
    }
    const again = await explain(client, left, settle);
    fruitless = again.length < open.length ? 0 : fruitless + 1;
    open = again;
  }
}

/** Those that need not wait for another; without keys the index settles them in their order. */
function firstOf<Item extends Insert>(items: Item[]): Item[] {
  if (!items.some(({ claim }) => claim)) return items;
  const turns = createTurns();
  return items.filter((item) => turns.take(item));
}

/**
 * Who waits for whom: an item for each before it that uses its key or its external id, since what
 * becomes of that one comes first. What became of the first with a key answers all that repeat it.
 */
function createTurns() {
  const taken = new Set<string>();
  return {
    /** Whether it need not wait; those after it wait for it. */
    take(item: Insert): boolean {
      const names = namesOf(item);
      const free = !names.some((name) => taken.has(name));
      for (const name of names) taken.add(name);
      return free;
    },
    mustWait: (item: Insert): boolean =>
      taken.size > 0 && namesOf(item).some((name) => taken.has(name)),
  };
}

function namesOf({ claim, customer: { corporationId, externalId } }: Insert): string[] {
  const names: string[] = [];
  if (claim) names.push(JSON.stringify([claim.tokenId, claim.operation, claim.key]));
  if (externalId !== null) names.push(JSON.stringify([corporationId, externalId]));
  return names;
}

const rowColumns = `id text, corporation_id text, name text, email text, external_id text,
  shipping_address jsonb, source_platform text, source_platform_id text, version integer,
  created_at timestamptz, updated_at timestamptz, folded_name text`;

const names = `id, corporation_id, name, email, external_id, shipping_address, source_platform,
  source_platform_id, version, created_at, updated_at, folded_name`;

// In the order of the unique index, so that two processes cannot wait for each other.
const inOrder = 'order by item.corporation_id, item.external_id, item.n';

const insertRows = `
  insert into customers (${names})
  select ${names} from jsonb_to_recordset($1::jsonb) as item(n integer, ${rowColumns})
  where exists (select 1 from corporations where corporations.id = item.corporation_id)
  ${inOrder}
  on conflict do nothing
  returning id`;

const insertRowsAndRecords = `
  with item as materialized (
    select * from jsonb_to_recordset($1::jsonb) as item(n integer, ${rowColumns}, token_id text,
      operation text, key text, fingerprint text, answer jsonb, claimed_at timestamptz)
  ), inserted as (
    insert into customers (${names})
    select ${names} from item
    where exists (select 1 from corporations where corporations.id = item.corporation_id)
      and not exists (
        select 1 from idempotency_records as record
        where (record.token_id, record.operation, record.key) = (item.token_id, item.operation, item.key)
      )
    ${inOrder}
    on conflict do nothing
    returning id
  ), kept as (
    insert into idempotency_records (token_id, operation, key, fingerprint, answer, created_at)
    select token_id, operation, key, fingerprint, answer, claimed_at
    from item join inserted using (id)
    where item.key is not null
    returning token_id
  )
  select id from inserted`;

async function insertThose(client: Queries, items: Insert[]): Promise<Set<string>> {
  const claimed = items.some(({ claim }) => claim);
  const rows = items.map(({ customer, claim }, n) => ({
    n,
    ...toRow(customer),
    ...(claim && {
      token_id: claim.tokenId,
      operation: claim.operation,
      key: claim.key,
      fingerprint: claim.fingerprint,
      answer: customer,
      claimed_at: toTime(claim.claimedAt),
    }),
  }));
  const inserted = await client
    .unsafe<{ id: string }[]>(claimed ? insertRowsAndRecords : insertRows, [JSON.stringify(rows)], {
      prepare: true,
    })
    .values();
  return new Set(inserted.map(([id]) => id as string));
}

function toRow(customer: Customer) {
  return {
    id: customer.id,
    corporation_id: customer.corporationId,
    name: customer.name,
    email: customer.email,
    external_id: customer.externalId,
    shipping_address: customer.shippingAddress,
    source_platform: customer.sourcePlatform,
    source_platform_id: customer.sourcePlatformId,
    version: customer.version,
    created_at: toTime(customer.createdAt),
    updated_at: toTime(customer.updatedAt),
    folded_name: fold(customer.name),
  };
}

function toTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

const explanations = `
  select item.n, corporation.id, record.fingerprint, record.answer,
    ${Object.values(customerColumns)
      .map(({ name }) => `existing.${name}`)
      .join(', ')}
  from jsonb_to_recordset($1::jsonb) as item(n integer, corporation_id text, external_id text,
    token_id text, operation text, key text, valid_since timestamptz)
  left join corporations as corporation on corporation.id = item.corporation_id
  left join idempotency_records as record
    on record.token_id = item.token_id and record.operation = item.operation
    and record.key = item.key and record.created_at >= item.valid_since
  left join customers as existing
    on existing.corporation_id = item.corporation_id and existing.external_id = item.external_id
  order by item.n`;

const readExisting = reader(customerColumns);

/**
 * Settles those that are refused, or were done before; resolves to those with which nothing is wrong,
 * any more or but for an expired record, which is deleted, and to those that wait for them.
 */
async function explain<Item extends Insert>(
  client: Queries,
  items: Item[],
  settle: Settle<Item>,
): Promise<Item[]> {
  if (items.length === 0) return [];
  const wanted = items.map(({ customer, claim }, n) => ({
    n,
    corporation_id: customer.corporationId,
    external_id: customer.externalId,
    ...(claim && {
      token_id: claim.tokenId,
      operation: claim.operation,
      key: claim.key,
      valid_since: toTime(claim.validSince),
    }),
  }));
  const rows = await client
    .unsafe(explanations, [JSON.stringify(wanted)], { prepare: true })
    .values();
  const again: Item[] = [];
  const turns = createTurns();
  for (const [n, corporationId, fingerprint, answer, ...existing] of rows) {
    const item = items[n] as Item;
    if (turns.mustWait(item)) {
      again.push(item);
      turns.take(item);
    } else if (fingerprint !== null && item.claim) {
      settle(item, settledBy<Customer>({ fingerprint, answer }, item.claim));
    } else if (corporationId === null) {
      settle(item, { outcome: 'no-such-corporation' });
    } else if (existing[0] !== null) {
      settle(item, { outcome: 'external-id-taken', existing: readExisting(existing) });
    } else {
      again.push(item);
      turns.take(item);
    }
  }
  await deleteExpired(client, again);
  return again;
}

const deletion = `
  delete from idempotency_records
  where token_id = $1 and operation = $2 and key = $3 and created_at < $4`;

async function deleteExpired(client: Queries, items: Insert[]): Promise<void> {
  await Promise.all(
    items.map(async ({ claim }) => {
      if (!claim) return;
      const { tokenId, operation, key, validSince } = claim;
      const values = [tokenId, operation, key, toTime(validSince)];
      await client.unsafe(deletion, values, { prepare: true });
    }),
  );
}
