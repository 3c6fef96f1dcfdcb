import { reaches, type Viewer } from '../access/viewer.js';
import type { InputIssue } from '../errors.js';
import type { Storage } from '../storage/storage.js';

/** Said alike of a corporation that does not exist and of one out of reach. */
export function noSuchCorporation(path = ['input', 'corporationId']): InputIssue {
  return { path, code: 'NOT_FOUND', message: 'names no corporation that this token reaches' };
}

/**
 * Adds to what is wrong with an input what the database would have said of its corporation, so that
 * the caller learns of everything at once.
 */
export async function withCorporationIssue(
  storage: Storage,
  viewer: Viewer,
  args: unknown,
  issues: InputIssue[],
): Promise<InputIssue[]> {
  const found = noSuchCorporation();
  if (issues.some((issue) => issue.path.join() === found.path.join())) return issues;
  const id = (args as { input?: { corporationId?: unknown } }).input?.corporationId;
  if (typeof id !== 'string') return issues;
  const exists = reaches(viewer, id) && (await storage.corporations.byId(id));
  return exists ? issues : [found, ...issues];
}
