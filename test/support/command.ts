import { execFile, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

const main = join(import.meta.dirname, '../../dist/main.js');

export type Result = { code: number; stdout: string; stderr: string };

/** The environment of a user who has set nothing but what is given. */
function environment(given: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, PORT: '0', ...given };
}

/** Runs `clientele` to its end. */
export function clientele(
  args: string[],
  given: Record<string, string> = {},
  input?: string,
): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: environment(given), maxBuffer: 100_000_000 };
    const child = execFile(process.execPath, [main, ...args], options, (error, stdout, stderr) => {
      const code = error ? Number(error.code) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** Runs `clientele` and kills it with SIGKILL once `when` holds. */
export async function killed(
  args: string[],
  given: Record<string, string>,
  when: () => boolean,
): Promise<void> {
  const child = spawn(process.execPath, [main, ...args], { env: environment(given) });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const watch = setInterval(() => when() && child.kill('SIGKILL'), 1);
  await exited;
  clearInterval(watch);
}

/** Runs a shell command, as one who pastes it. */
export function paste(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', command], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

export class Serving {
  output = '';
  url = '';

  private constructor(private readonly process: ReturnType<typeof spawn>) {
    process.stdout?.on('data', (chunk) => {
      this.output += chunk;
    });
    process.stderr?.on('data', (chunk) => {
      this.output += chunk;
    });
  }

  /**
   * Starts `clientele serve` and resolves when it has printed all that it prints at the start. With
   * `stdout` it prints to that file, and listens on a port that was free a moment ago.
   */
  static async start(given: Record<string, string> = {}, stdout?: string): Promise<Serving> {
    if (stdout !== undefined) return Serving.startSilent(given, stdout);
    const serving = new Serving(
      spawn(process.execPath, [main, 'serve'], { env: environment(given) }),
    );
    await new Promise<void>((resolve, reject) => {
      serving.process.stdout?.on('data', () => {
        if (serving.output.includes('"msg":"listening"}\n')) resolve();
      });
      serving.process.once('exit', () => reject(new Error(serving.output)));
    });
    serving.url = /http:\/\/[\w.[\]:]+:\d+/.exec(serving.output)?.[0] ?? '';
    return serving;
  }

  private static async startSilent(given: Record<string, string>, stdout: string) {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const PORT = String((probe.address() as AddressInfo).port);
    await new Promise((resolve) => probe.close(resolve));

    const file = openSync(stdout, 'w');
    const env = environment({ ...given, PORT });
    const stdio: StdioOptions = ['ignore', file, 'pipe'];
    const serving = new Serving(spawn(process.execPath, [main, 'serve'], { env, stdio }));
    closeSync(file);
    serving.url = `http://127.0.0.1:${PORT}`;
    await vi.waitUntil(
      () =>
        fetch(`${serving.url}/healthz`).then(
          () => true,
          () => false,
        ),
      {
        timeout: 10_000,
      },
    );
    return serving;
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Resolves to the exit code, or to the signal that ended it. */
  ended(): Promise<number | NodeJS.Signals | null> {
    if (this.process.exitCode !== null) return Promise.resolve(this.process.exitCode);
    return new Promise((resolve) =>
      this.process.once('exit', (code, signal) => resolve(code ?? signal)),
    );
  }

  stop(): Promise<number | NodeJS.Signals | null> {
    const ended = this.ended();
    this.signal('SIGTERM');
    return ended;
  }
}

/** A folder that is there for the tests of a file and gone afterwards. */
export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clientele-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
