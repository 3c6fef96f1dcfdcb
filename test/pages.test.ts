import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createAssets } from '../src/http/assets.js';
import { useService } from './support/service.js';

/** The path as it is given, which fetch would tidy up, and the body as it was sent. */
function getRaw(url: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      request(url, { path, headers }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      })
        .on('error', reject)
        .end();
    },
  );
}

describe('a file that pages load', () => {
  const service = useService();
  const script = createAssets().pathOf('graphiql.js');

  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    [undefined, 'identity', (body: Buffer) => body],
  ])('comes as %s for one who accepts %s', async (encoding, accepted, decode) => {
    const { url } = service.current;
    const plain = await getRaw(url, script);
    const reply = await getRaw(url, script, { 'Accept-Encoding': accepted });
    expect(reply.status).toBe(200);
    expect(decode(reply.body).equals(plain.body)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-length': String(reply.body.length),
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    });
    expect(reply.headers['content-encoding']).toBe(encoding);
  });

  test('is kept for good, and for no other origin', async () => {
    const path = createAssets().pathOf('graphiql.css');
    const { headers } = await service.current.get(path, { token: null });
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.each([
    ...['/assets', '/assets/', '/assets/none.js', '/assets/manifest.json', `${script}.br`],
    ...['/assets/../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/main.js'],
    ...['/assets/..%5c..%5cpackage.json', '/assets//etc/passwd', '/assets/%00', '/assets/%zz'],
  ])('is not %s', async (path) => {
    const reply = await getRaw(service.current.url, path);
    expect(reply.status).toBe(404);
    expect(reply.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    });
  });

  test('is logged by its route, not by its name', async () => {
    await service.current.get(script);
    const routes = service.current.logs.map(({ route }) => route);
    expect(routes).toContain('/assets/:name');
    expect(routes.join()).not.toContain('graphiql.js');
  });

  test('is looked for at the start, which says what to run where there is none', () => {
    expect(() => createAssets('/nowhere')).toThrow(/not in \/nowhere\. "npm run build"/);
  });
});
