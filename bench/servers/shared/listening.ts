import type { AddressInfo } from 'node:net';

/** Where every server of the bench listens: any free port, of this machine alone. */
export const anyPort = { host: '127.0.0.1', port: 0 };

/** Tells the bench that the server is ready, and where. */
export function announce({ port }: Pick<AddressInfo, 'port'>): void {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
}
