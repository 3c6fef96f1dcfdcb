import { pipeline, Readable, Transform } from 'node:stream';
import { stringify } from 'csv-stringify';
import { operator } from '../access/viewer.js';
import type { Customer } from '../customers/customer.js';
import { everyNode } from '../paging.js';
import { toWireCustomer } from '../rest/wire.js';
import type { Services } from '../services.js';
import { columns, type Format } from './format.js';

/** Every customer of one corporation, oldest first, or of one corporation after the other. */
export async function* everyCustomer(
  services: Pick<Services, 'customers' | 'corporations'>,
  corporationId: string | undefined,
): AsyncGenerator<Customer> {
  const { customers, corporations } = services;
  if (corporationId === undefined) {
    for await (const { id } of everyNode((page) => corporations.list(operator, page))) {
      yield* everyCustomer(services, id);
    }
    return;
  }
  yield* everyNode((page) =>
    customers.list(operator, { corporationId, orderBy: 'OLDEST_FIRST', ...page }),
  );
}

/** Customers as the text of a file that an import reads back. */
export function writeRows(customers: AsyncIterable<Customer>, format: Format): Readable {
  const rows = Readable.from(toRows(customers));
  const text =
    format === 'csv'
      ? stringify({ header: true, columns: [...columns] })
      : new Transform({
          writableObjectMode: true,
          transform: (row, _encoding, done) => done(null, `${JSON.stringify(row)}\n`),
        });
  return pipeline(rows, text, () => {});
}

async function* toRows(customers: AsyncIterable<Customer>) {
  for await (const customer of customers) {
    // What the service makes for itself is no part of the input that an import takes.
    const { created_at: _, updated_at: __, version: ___, ...row } = toWireCustomer(customer);
    yield row;
  }
}
