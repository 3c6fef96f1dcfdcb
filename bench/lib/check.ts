import assert from 'node:assert/strict';
import type { Contender } from '../contenders.js';
import { reference } from '../workload/reference.js';
import { type Answer, send } from './client.js';

/** How far, in ms, the time of creation may be from now; REST tells whole seconds. */
const tolerance = 5000;

let checks = 0;

/**
 * Looks whether a server does its work before it is measured: the five fields are right, the row
 * is there, a bad token and a bad name are refused and write nothing. Resolves to its answer to a
 * create.
 */
export async function check(contender: Contender, token: string): Promise<string> {
  const { name, url, dialect, countRows } = contender;
  const externalId = (n: number) => `ext_check_${checks}_${n}`;
  const create = (changes: { externalId: string; name?: string }, bearer = token) =>
    send(url + dialect.path, {
      token: bearer,
      body: dialect.body({ ...reference, ...changes }),
    });
  checks++;
  const before = await countRows();

  try {
    const answer = await create({ externalId: externalId(1) });
    const { id, createdAt, ...rest } = dialect.created(JSON.parse(answer.text)) ?? {};
    const { shippingAddress: _, ...expected } = reference;
    assert.deepEqual(rest, expected, answer.text);
    assert.ok(typeof id === 'string' && id.length >= 20, answer.text);
    assert.ok(Math.abs(milliseconds(createdAt) - Date.now()) < tolerance, answer.text);
    assert.equal(await countRows(), before + 1);

    refused(await create({ externalId: externalId(2) }, 'clientele_wrong'));
    refused(await create({ externalId: externalId(3), name: 'Al' }));
    refused(await create({ externalId: externalId(1) }));
    assert.equal(await countRows(), before + 1);
    return answer.text;
  } catch (error) {
    throw new Error(`${name} does not do its work: ${error instanceof Error ? error.message : ''}`);
  }

  function refused({ status, text }: Answer): void {
    const inBody = status === 200 && dialect.created(JSON.parse(text)) === null;
    assert.ok(status >= 400 || inBody, `This should have been refused: ${status} ${text}`);
  }
}

function milliseconds(time: unknown): number {
  return typeof time === 'number' ? time * 1000 : Date.parse(String(time));
}
