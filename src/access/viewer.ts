import { ForbiddenError, UnauthenticatedError } from '../errors.js';

/** Who asks: what the token that came with a request allows. */
export type Viewer = {
  tokenId: string;
  right: 'read' | 'write';
  corporationIds: ReadonlySet<string> | 'all';
};

/** The person at the command line, on the machine itself. */
export const operator: Viewer = { tokenId: 'operator', right: 'write', corporationIds: 'all' };

/** Whether the corporation, and with it everything in it, exists for this viewer. */
export function reaches(viewer: Viewer, corporationId: string): boolean {
  return viewer.corporationIds === 'all' || viewer.corporationIds.has(corporationId);
}

/** The viewer. Throws `UnauthenticatedError` when there is no token. */
export function requireReader(viewer: Viewer | null): Viewer {
  if (!viewer) throw new UnauthenticatedError();
  return viewer;
}

/** The viewer. Throws `UnauthenticatedError` when there is no token, `ForbiddenError` when it may only read. */
export function requireWriter(viewer: Viewer | null): Viewer {
  const reader = requireReader(viewer);
  if (reader.right !== 'write') {
    throw new ForbiddenError('This token may read but not write.');
  }
  return reader;
}
