import { createHash } from 'node:crypto';

export type Token = {
  right: 'read' | 'write';
  corporationIds: string[] | null;
  expiresAt: number | null;
  revokedAt: number | null;
};

export type FindToken = (hash: string) => Promise<Token | null>;

/** The token behind an `Authorization` header; null unless it may write. */
export async function authenticate(
  authorization: string | null | undefined,
  findToken: FindToken,
): Promise<Token | null> {
  const secret = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
  if (!secret) return null;
  const token = await findToken(createHash('sha256').update(secret).digest('hex'));
  if (!token || token.revokedAt !== null || token.right !== 'write') return null;
  return token.expiresAt !== null && token.expiresAt <= Date.now() ? null : token;
}

export function reaches(token: Token, corporationId: string): boolean {
  return token.corporationIds === null || token.corporationIds.includes(corporationId);
}
