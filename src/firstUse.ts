import { operator } from './access/viewer.js';
import type { Services } from './services.js';

export type FirstUse = { corporationId: string; token: string };

/**
 * Makes an empty database usable at once: the corporation that the reference's examples name, and
 * a token for everything. Resolves to null, and changes nothing, when the database is in use.
 */
export async function prepareFirstUse({
  access,
  corporations,
}: Services): Promise<FirstUse | null> {
  const { edges } = await corporations.list(operator, { first: 1 });
  if (edges.length > 0 || (await access.list()).length > 0) return null;

  const corporationId = 'corp_123';
  const made = await corporations.createWithId({
    id: corporationId,
    input: { legalName: 'Example Corporation', jurisdiction: 'US' },
  });
  // Another process, started at the same moment, was faster.
  if (!made) return null;
  const { token } = await access.issue({
    name: 'first start',
    corporationIds: null,
    right: 'write',
    lifetime: null,
  });
  return { corporationId, token };
}
