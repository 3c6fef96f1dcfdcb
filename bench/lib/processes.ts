import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type RunningServer = {
  pid: number;
  /** Where it listens, as a URL without a path. */
  url: string;
  stop(): Promise<void>;
};

/** How long, in ms, a server may take to listen, and to stop. */
const deadline = 20_000;

/** What makes a child stop in good order, and what ends it at once. */
type Signals = { stop: NodeJS.Signals; end: NodeJS.Signals };

/** Every child that runs. */
const running = new Map<ChildProcess, Signals>();

process.on('exit', () => {
  for (const [child, { end }] of running) child.kill(end);
});

/** Nothing of the caller's own settings: they would change what is measured. */
const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NODE_ENV: 'production',
};

/** Starts a child that ends with this process, at the latest. */
export function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { signals?: Signals } = {},
): ChildProcess {
  const { signals = { stop: 'SIGTERM', end: 'SIGKILL' }, env, ...others } = options;
  const child = spawn(command, args, { ...others, env: { ...environment, ...env } });
  running.set(child, signals);
  const ended = () => running.delete(child);
  child.once('exit', ended).once('error', ended);
  return child;
}

/** Runs a program to its end and resolves to what it printed. `input` is what it reads. */
export async function run(
  command: string,
  args: readonly string[],
  { input, ...options }: SpawnOptions & { input?: AsyncIterable<string> } = {},
): Promise<string> {
  const stdio = [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] as const;
  const child = start(command, args, { ...options, stdio: [...stdio] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  if (input && child.stdin) {
    child.stdin.on('error', () => {});
    for await (const chunk of input) {
      if (!child.stdin.write(chunk)) await Promise.race([once(child.stdin, 'drain'), closed]);
    }
    child.stdin.end();
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr || stdout}`);
  return stdout;
}

/**
 * Starts a Node program that prints a line of JSON with its `url` when it listens. It works in the
 * folder, where what it prints goes to a file, so that nobody has to keep up with its log.
 */
export async function startServer(
  name: string,
  args: readonly string[],
  { folder, env, pollEvery = 10 }: { folder: string; env: NodeJS.ProcessEnv; pollEvery?: number },
): Promise<RunningServer> {
  const [out, err] = [join(folder, `${name}.out`), join(folder, `${name}.err`)];
  const files = [openSync(out, 'w'), openSync(err, 'w')] as const;
  const child = start(process.execPath, args, { cwd: folder, env, stdio: ['ignore', ...files] });
  for (const file of files) closeSync(file);
  const startedAt = performance.now();
  let url: string | null = null;
  while (!url) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${name} did not start:\n${readFileSync(err)}${readFileSync(out)}`);
    }
    if (performance.now() - startedAt > deadline) throw new Error(`${name} does not listen.`);
    await sleep(pollEvery);
    url = urlIn(readFileSync(out, 'utf8'));
  }
  return { pid: child.pid as number, url, stop: () => stop(child) };
}

/** Stops everything that still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running.keys()].map((child) => stop(child)));
}

async function stop(child: ChildProcess): Promise<void> {
  const signals = running.get(child);
  if (!signals) return;
  const exited = once(child, 'exit');
  child.kill(signals.stop);
  const cutOff = setTimeout(() => child.kill(signals.end), deadline);
  await exited;
  clearTimeout(cutOff);
}

function urlIn(output: string): string | null {
  for (const line of output.split('\n')) {
    try {
      const { url } = JSON.parse(line) as { url?: unknown };
      if (typeof url === 'string') return url;
    } catch {
      // A line that is not whole yet, or none of JSON.
    }
  }
  return null;
}
