import { connect, type Socket } from 'node:net';

export type Answer = {
  status: number;
  /** By their names in lower case. */
  headers: Map<string, string>;
  body: Buffer;
  /** From the last byte of the request that was sent to the end of the answer, in ms. */
  took: number;
};

/**
 * How long, in ms, the service may take to answer, or to let go of what it does not answer. It is
 * done in a tenth of that, but a machine may have other things to do.
 */
export const patience = 5000;

/** The service was silent for longer than `patience`, or said what is no HTTP/1.1. */
export class NoAnswerError extends Error {}

/**
 * A client of HTTP/1.1 that sends bytes as they are, which Node's own does not, and reads answers
 * strictly.
 */
export class Connections {
  private readonly idle: Socket[] = [];

  constructor(private readonly address: { host: string; port: number }) {}

  /** Sends one well-framed request and resolves to its answer. */
  async ask(request: Buffer, isHead: boolean): Promise<Answer> {
    for (;;) {
      const used = this.idle.pop();
      const socket = used ?? this.open();
      const { answers, closed } = await exchange(socket, request, isHead, 1);
      const [answer] = answers;
      // The service may close a connection just when it is used again (RFC 9112, 9.3.1).
      if (!answer && used) continue;
      if (!answer) throw new NoAnswerError('The connection was closed without an answer.');
      if (!closed && answer.headers.get('connection') !== 'close') this.idle.push(socket);
      else socket.destroy();
      return answer;
    }
  }

  /** Sends bytes and no more, and resolves to every answer until the connection is closed. */
  async askRaw(bytes: Buffer): Promise<Answer[]> {
    const socket = this.open();
    const { answers } = await exchange(socket, bytes, false, null);
    return answers;
  }

  close(): void {
    for (const socket of this.idle) socket.destroy();
  }

  private open(): Socket {
    return connect({ ...this.address, allowHalfOpen: true, noDelay: true });
  }
}

/** `wanted`: how many answers there will be; null for as many as come until the other side closes. */
function exchange(
  socket: Socket,
  bytes: Buffer,
  isHead: boolean,
  wanted: number | null,
): Promise<{ answers: Answer[]; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let unread = Buffer.alloc(0);
    const startedAt = performance.now();

    const end = (closed: boolean) => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close');
      if (closed) socket.destroy();
      resolve({ answers, closed });
    };
    const fail = (message: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new NoAnswerError(message));
    };
    const timer = setTimeout(
      () => fail(`No answer within ${patience} ms, only ${JSON.stringify(unread.toString())}.`),
      patience,
    );

    socket
      .on('data', (chunk) => {
        unread = Buffer.concat([unread, chunk]);
        try {
          for (;;) {
            const read = readAnswer(unread, isHead);
            if (!read) break;
            unread = unread.subarray(read.length);
            if (read.status < 200) continue;
            const { status, headers, body } = read;
            answers.push({ status, headers, body, took: performance.now() - startedAt });
          }
        } catch (error) {
          return fail((error as Error).message);
        }
        if (wanted !== null && answers.length >= wanted) end(false);
      })
      .on('end', () => {
        if (unread.length > 0) fail(`Cut off after ${JSON.stringify(unread.toString())}.`);
        else end(true);
      })
      .on('close', () => end(true));
    if (socket.listenerCount('error') === 0) socket.on('error', () => {});
    if (wanted === null) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The first whole answer in the bytes, and how many of them it takes; null if there is none yet. */
function readAnswer(bytes: Buffer, isHead: boolean) {
  const headLength = bytes.indexOf('\r\n\r\n');
  if (headLength < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, headLength).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (!status) throw new Error(`Not HTTP/1.1: ${JSON.stringify(first)}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w-]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (!name) throw new Error(`Not a header: ${JSON.stringify(line)}`);
    headers.set(name.toLowerCase(), value);
  }
  const start = headLength + 4;
  if (isHead || status < 200 || status === 204 || status === 304) {
    return { status, headers, body: Buffer.alloc(0), length: start };
  }
  const chunked = headers.get('transfer-encoding') === 'chunked';
  const content = chunked
    ? readChunks(bytes, start)
    : readLength(bytes, start, headers.get('content-length'));
  return content && { status, headers, ...content };
}

function readLength(bytes: Buffer, start: number, length: string | undefined) {
  if (!/^\d+$/.test(length ?? '')) throw new Error('An answer without a length.');
  const end = start + Number(length);
  return bytes.length < end ? null : { body: bytes.subarray(start, end), length: end };
}

function readChunks(bytes: Buffer, start: number) {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return null;
    chunks.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
    if (size === 0) return { body: Buffer.concat(chunks), length: at };
  }
}
