import { execFile, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, vi } from 'vitest';
import { Client } from './client.js';

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
  return run([process.execPath, main, ...args], given, input);
}

/** What takes from root the power to write where modes forbid it; nothing for other users. */
const powerless = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : [];

/** Whether `clienteleBoundByModes` can be had here. */
export async function modesBind(): Promise<boolean> {
  const { code } = await run([...powerless, process.execPath, '--version'], {});
  return code === 0;
}

/** As `clientele`, by a user whom the modes of files bind. */
export function clienteleBoundByModes(
  args: string[],
  given: Record<string, string>,
): Promise<Result> {
  return run([...powerless, process.execPath, main, ...args], given);
}

/** As `clientele`, where no file may grow beyond so many bytes; null where that cannot be had. */
export async function clienteleOnFullDisk(
  bytes: number,
  args: string[],
  given: Record<string, string>,
): Promise<Result | null> {
  const limited = ['prlimit', `--fsize=${bytes}`, process.execPath];
  if ((await run([...limited, '--version'], {})).code !== 0) return null;
  return run([...limited, main, ...args], given);
}

/**
 * As `clientele`, where the folder is seen, by this command alone, as copied to a file system of 50 MB
 * in memory; null where none can be mounted.
 */
export async function clienteleOnTinyDisk(
  folder: string,
  args: string[],
  given: Record<string, string>,
): Promise<Result | null> {
  const mount =
    'cp -r "$1" "$1.copy" && mount -t tmpfs -o size=50m tmpfs "$1" && cp -r "$1.copy/." "$1" && ';
  const mounted = (command: string) =>
    run(['unshare', '-rm', 'sh', '-c', `${mount}${command}`, 'sh', folder, main, ...args], given);
  if ((await mounted('true')).code !== 0) return null;
  return mounted(`shift && exec '${process.execPath}' "$@"`);
}

/**
 * As `clientele`, on a terminal so many columns wide, which shows stdout and stderr alike; null where
 * there is none to be had.
 */
export async function clienteleOnTerminal(
  args: string[],
  given: Record<string, string> = {},
  columns = 80,
): Promise<Result | null> {
  const inTerminal = (command: string) =>
    run(['script', '-qec', `stty cols ${columns} rows 50; ${command}`, '/dev/null'], {
      TERM: 'xterm-256color',
      ...given,
    });
  if ((await inTerminal('true')).code !== 0) return null;
  const words = [process.execPath, main, ...args].map((word) => `'${word}'`);
  const { code, stdout } = await inTerminal(words.join(' '));
  return { code, stdout: stdout.replaceAll('\r\n', '\n'), stderr: '' };
}

/** Runs `clientele serve` on a terminal until it listens, presses Ctrl-C, and resolves to what it showed. */
export async function serveOnTerminal(given: Record<string, string>): Promise<string> {
  const env = environment({ TERM: 'xterm-256color', ...given });
  const command = `'${process.execPath}' '${main}' serve`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { env });
  let output = '';
  terminal.stdout.on('data', (chunk) => {
    const listened = output.includes('listening');
    output += chunk;
    if (!listened && output.includes('listening')) terminal.stdin.write('\u0003');
  });
  await once(terminal, 'exit');
  return output.replaceAll('\r\n', '\n');
}

/** As `clientele`, but whoever reads stdout has had enough before anything is written. */
export async function clienteleUnread(args: string[]): Promise<Omit<Result, 'stdout'>> {
  const command = spawn(process.execPath, [main, ...args], { env: environment({}) });
  command.stdout.destroy();
  let stderr = '';
  command.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(command, 'close');
  return { code, stderr };
}

function run(
  [command = '', ...args]: string[],
  given: Record<string, string>,
  input?: string,
): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: environment(given), maxBuffer: 100_000_000 };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const code = error ? Number(error.code) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

/** Runs `clientele`, sends it the signal once `when` holds, and resolves to its exit code. */
export async function killed(
  args: string[],
  given: Record<string, string>,
  when: () => boolean | Promise<boolean>,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { env: environment(given) });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let running = true;
  void exited.then(() => {
    running = false;
  });
  while (running) {
    if (await when()) child.kill(signal);
    await pause(1);
  }
  return exited;
}

/** Runs a shell command, as one who pastes it. */
export function paste(command: string): Promise<string> {
  return pasteIn({}, command);
}

/** The same in a folder, and where those variables alone are set. */
export function pasteIn(
  { cwd, env }: { cwd?: string; env?: Record<string, string> },
  command: string,
): Promise<string> {
  const options = { cwd, ...(env && { env: environment(env) }) };
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', command], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}

/** What a test that failed has not stopped, which must not outlive it. */
const running = new Set<ReturnType<typeof spawn>>();
afterAll(() => {
  for (const process of running) process.kill('SIGKILL');
});

export class Serving extends Client {
  output = '';
  url = '';

  private constructor(private readonly process: ReturnType<typeof spawn>) {
    super();
    running.add(process);
    process.once('exit', () => running.delete(process));
    process.stdout?.on('data', (chunk) => {
      this.output += chunk;
    });
    process.stderr?.on('data', (chunk) => {
      this.output += chunk;
    });
  }

  /**
   * Starts `clientele serve` and resolves when it has printed all that it prints at the start. With
   * `stdout` it prints to that file, and listens on a port that was free a moment ago; `program` is
   * the main file of another version.
   */
  static async start(
    given: Record<string, string> = {},
    { stdout, program = main }: { stdout?: string; program?: string | undefined } = {},
  ): Promise<Serving> {
    if (stdout !== undefined) return Serving.startSilent(given, stdout);
    const serving = new Serving(
      spawn(process.execPath, [program, 'serve'], { env: environment(given) }),
    );
    await new Promise<void>((resolve, reject) => {
      serving.process.stdout?.on('data', () => {
        if (serving.output.includes('"msg":"listening"}\n')) resolve();
      });
      serving.process.once('exit', () => reject(new Error(serving.output)));
    });
    serving.url = /http:\/\/[\w.[\]:]+:\d+/.exec(serving.output)?.[0] ?? '';
    serving.firstToken = /clientele_[0-9a-f]{48}/.exec(serving.output)?.[0] ?? '';
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

  get pid(): number {
    return this.process.pid ?? 0;
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
