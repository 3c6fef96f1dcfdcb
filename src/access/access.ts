import { hash, randomBytes } from 'node:crypto';
import { NotFoundError, UnauthenticatedError } from '../errors.js';
import { newId } from '../ids.js';
import type { Milliseconds, Storage, Token } from '../storage/storage.js';
import type { Viewer } from './viewer.js';

export type TokenRequest = {
  name: string;
  /** The corporations that the token reaches; null means all, also those that come later. */
  corporationIds: string[] | null;
  right: 'read' | 'write';
  /** How long it is good for, in ms; null means until it is revoked. */
  lifetime: Milliseconds | null;
};

/** A token, and the one chance to see it: only its hash is kept. */
export type IssuedToken = { id: string; token: string };

export type Access = ReturnType<typeof createAccess>;

const prefix = 'clientele_';
/** One text for all that is not good, so that nobody learns which tokens there are. */
const noGoodToken =
  'The token is unknown, expired or revoked, or has no `Bearer` before it. Send it as `Authorization: Bearer <token>`; on the machine of the service `npm run -s clientele -- token create --all --name app` makes a new one.';
const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/** Tokens: made, listed, revoked, and turned into the viewer that a request acts as. */
export function createAccess(storage: Storage, now: () => Milliseconds = Date.now) {
  const ofThisProcess = new Map<string, Viewer>();
  const ofThisTurn = new Map<string, Promise<Viewer>>();

  return {
    /**
     * The viewer for an `Authorization` header (RFC 6750), or null when there is no header.
     * Throws `UnauthenticatedError` when it holds anything but a token that is good now.
     */
    authenticate(authorization: string | undefined): Promise<Viewer | null> {
      if (authorization === undefined) return Promise.resolve(null);
      const known = ofThisTurn.get(authorization);
      if (known) return known;

      // Requests that come in together mostly have one token, and one look at it is as good for
      // all of them. It is not kept any longer, since it may be revoked at any time.
      if (ofThisTurn.size === 0) setImmediate(() => ofThisTurn.clear());
      const viewer = identify(authorization);
      ofThisTurn.set(authorization, viewer);
      return viewer;
    },

    /** Stores a new token. Throws `NotFoundError` when a corporation does not exist. */
    async issue(request: TokenRequest): Promise<IssuedToken> {
      for (const id of request.corporationIds ?? []) {
        if (!(await storage.corporations.byId(id)))
          throw new NotFoundError(`There is no corporation ${id}.`);
      }
      const token = newSecret();
      const id = newId('tok');
      const createdAt = now();
      await storage.tokens.insert({
        id,
        name: request.name,
        hash: sha256(token),
        corporationIds: request.corporationIds,
        right: request.right,
        createdAt,
        expiresAt: request.lifetime === null ? null : createdAt + request.lifetime,
        revokedAt: null,
      });
      return { id, token };
    },

    /** A token with full rights that is never stored and ends with this process. */
    issueForThisProcess(): string {
      const token = newSecret();
      ofThisProcess.set(sha256(token), {
        tokenId: newId('tok'),
        right: 'write',
        corporationIds: 'all',
      });
      return token;
    },

    /** Every stored token with its state, oldest first. */
    async list() {
      const at = now();
      return (await storage.tokens.all()).map(({ hash: _, ...token }) => ({
        ...token,
        state: stateOf(token, at),
      }));
    },

    /** Takes effect with the next request. Resolves to false when there is no such token. */
    revoke: (id: string) => storage.tokens.revoke(id, now()),
  };

  async function identify(authorization: string): Promise<Viewer> {
    const secret = bearer.exec(authorization)?.[1];
    if (!secret) throw new UnauthenticatedError(noGoodToken);

    const hash = sha256(secret);
    const viewer = ofThisProcess.get(hash);
    if (viewer) return viewer;

    const token = await storage.tokens.byHash(hash);
    if (!token || stateOf(token, now()) !== 'active') throw new UnauthenticatedError(noGoodToken);
    return {
      tokenId: token.id,
      right: token.right,
      corporationIds: token.corporationIds ? new Set(token.corporationIds) : 'all',
    };
  }
}

/** What has become of a token by a time. */
export function stateOf(
  token: Pick<Token, 'expiresAt' | 'revokedAt'>,
  at: Milliseconds,
): 'active' | 'expired' | 'revoked' {
  if (token.revokedAt !== null) return 'revoked';
  return token.expiresAt !== null && token.expiresAt <= at ? 'expired' : 'active';
}

/** 192 random bits behind a prefix that secret scanners and people recognise. */
function newSecret(): string {
  return prefix + randomBytes(24).toString('hex');
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
