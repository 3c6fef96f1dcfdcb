import { connect, type Socket } from 'node:net';
import { percentile } from '../lib/stats.js';

/**
 * Load that does not wait: `pace.js URL PATH TOKEN BODY RATE CONNECTIONS SECONDS PREFIX` sends RATE
 * creates a second over connections that are kept, whether or not earlier ones were answered, as
 * many clients do that do not know of each other. A request waits for a free connection only when all are
 * busy, and its time counts from when it was due. Each `{n}` in the body becomes a text of its own.
 * Beside them it looks at `/healthz` every few ms, which shows how long the event loop stands still.
 */
const [url = '', path = '', token = '', body = '', ...numbers] = process.argv.slice(2);
const [rate = 0, connections = 0, seconds = 0] = numbers.map(Number);
const prefix = numbers[3];
const { hostname, port } = new URL(url);

/** How often, in ms, it sends what is due. */
const tick = 2;
const heartbeatEvery = 5;

const taken: number[] = [];
const refused: number[] = [];
const others: number[] = [];
const heartbeats: number[] = [];
const waiting: number[] = [];
const free: ((dueAt: number) => void)[] = [];
let sent = 0;

const beats: ((dueAt: number) => void)[] = [];
await Promise.all([
  openConnection(health, (_, ms) => heartbeats.push(ms), beats),
  ...Array.from({ length: connections }, () => openConnection(nextCreate, settled, free)),
]);
const startedAt = performance.now();
let due = 0;
const heart = setInterval(() => beats.pop()?.(performance.now()), heartbeatEvery);
const timer = setInterval(() => {
  const now = performance.now();
  const elapsed = Math.min(now - startedAt, seconds * 1000);
  for (; due < (elapsed / 1000) * rate; due++) waiting.push(startedAt + (due / rate) * 1000);
  dispatch();
  if (elapsed < seconds * 1000 || (sent > answered() && now - startedAt < (seconds + 10) * 1000)) {
    return;
  }
  clearInterval(timer);
  clearInterval(heart);
  const times = (values: number[]) =>
    values.length === 0
      ? { count: 0, p50: 0, p99: 0, max: 0 }
      : {
          count: values.length,
          p50: percentile(values, 50),
          p99: percentile(values, 99),
          max: values.reduce((most, value) => Math.max(most, value), 0),
        };
  console.log(
    JSON.stringify({
      due,
      unanswered: due - answered(),
      others: others.length,
      taken: times(taken),
      refused: times(refused),
      heartbeats: times(heartbeats),
    }),
  );
  process.exit();
}, tick);

function answered(): number {
  return taken.length + refused.length + others.length;
}

function dispatch(): void {
  let next = 0;
  while (next < waiting.length && free.length > 0) free.pop()?.(waiting[next++] as number);
  if (next > 0) waiting.splice(0, next);
}

function health(): string {
  return `GET /healthz HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
}

function nextCreate(): string {
  const text = body.replaceAll('{n}', `${prefix}${sent++}`);
  return (
    `POST ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}

function settled(status: number, ms: number): void {
  if (status === 503) refused.push(ms);
  else if (status >= 200 && status < 300) taken.push(ms);
  else others.push(ms);
}

/** Resolves when the connection is open and the server has answered something on it. */
function openConnection(
  request: () => string,
  settle: (status: number, ms: number) => void,
  idle: ((dueAt: number) => void)[],
): Promise<void> {
  const socket: Socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  let dueAt: number | null = null;
  let answer = '';
  const send = (at: number) => {
    dueAt = at;
    socket.write(request());
  };
  socket.write(health());
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1]);
      if (answer.length < head + 4 + length) return;
      if (dueAt === null) resolve();
      else settle(Number(answer.slice(9, 12)), performance.now() - dueAt);
      answer = '';
      idle.push(send);
      if (idle === free) dispatch();
    });
  });
}
