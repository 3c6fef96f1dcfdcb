import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  chownSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';

/** Where Debian puts what is not in the PATH. */
const debian = '/usr/lib/postgresql';

/** By their names in postgresql.conf. */
type Settings = Record<string, string | number>;

/** A PostgreSQL server on a port that was free, and its files, which are gone when it is stopped. */
export class PostgresCluster {
  private readonly server: ChildProcess;
  private readonly ended: Promise<unknown>;
  /** The memory by which PostgreSQL knows that a server runs; one that is killed leaves it behind. */
  private memory: string | null = null;

  private constructor(
    private readonly home: string,
    private readonly port: number,
    settings: Settings,
  ) {
    const all = {
      listen_addresses: '127.0.0.1',
      ssl: 'on',
      // What a process has written outlives it without, and no machine is switched off here.
      fsync: 'off',
      full_page_writes: 'off',
      // Among its files, and so taken away with them.
      dynamic_shared_memory_type: 'mmap',
      log_min_messages: 'panic',
      ...settings,
    };
    this.server = spawn(
      program('postgres'),
      [
        ...['-D', join(home, 'data'), '-k', home, '-p', String(port)],
        ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      optionsIn(home),
    );
    this.ended = once(this.server, 'exit');
  }

  static async start(settings: Settings = {}): Promise<PostgresCluster> {
    const home = makeHome();
    const made = ['--username=clientele', '--auth=trust', '--encoding=UTF8', '--no-sync'];
    execFileSync(program('initdb'), [`--pgdata=${join(home, 'data')}`, ...made], optionsIn(home));
    certify(home);
    const cluster = new PostgresCluster(home, await freePort(), settings);
    await cluster.answering();
    return cluster;
  }

  /** The certificate that it shows, which signed itself: it is of `localhost` alone. */
  get certificate(): string {
    return join(this.home, 'data/server.crt');
  }

  /** Starts a standby of this one, known to it by that name. */
  async startStandby(name: string, settings: Settings = {}): Promise<PostgresCluster> {
    const home = makeHome();
    const copied = ['--checkpoint=fast', '--no-sync', '--write-recovery-conf'];
    execFileSync(
      program('pg_basebackup'),
      [`--dbname=${this.url}`, `--pgdata=${join(home, 'data')}`, ...copied],
      optionsIn(home),
    );
    const standby = new PostgresCluster(home, await freePort(), {
      cluster_name: name,
      ...settings,
    });
    await standby.answering();
    return standby;
  }

  /** Where it is, as host:port. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Its URL, without a database. */
  get url(): string {
    return `postgres://clientele@${this.address}`;
  }

  /** Makes a standby the primary; resolves when it takes writes. */
  async promote(): Promise<void> {
    await this.ask('select pg_promote(true)');
  }

  /** Asks what is no business of one database, and resolves to the first row. */
  async ask(sql: string): Promise<Record<string, unknown> | undefined> {
    const client = postgres(`${this.url}/postgres`, { max: 1, onnotice() {} });
    try {
      return (await client.unsafe(sql))[0];
    } finally {
      await client.end();
    }
  }

  /** Makes a standby take nothing more from its primary until what is returned is called. */
  async pauseReceiving(): Promise<() => void> {
    const receiver = await this.ask('select pid from pg_stat_wal_receiver');
    const pid = Number(receiver?.pid);
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }

  /** Makes a standby leave its primary, so that nothing more comes to it. */
  async detach(): Promise<void> {
    await this.ask("alter system set primary_conninfo = ''");
    await this.ask('select pg_reload_conf()');
  }

  /** Kills every process of it with SIGKILL, so that none has a last word. */
  async kill(): Promise<void> {
    this.memory = this.memoryId();
    // Stopped, it begins no others meanwhile.
    this.server.kill('SIGSTOP');
    const { stdout } = spawnSync('pgrep', ['-P', String(this.server.pid)], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    this.server.kill('SIGKILL');
    await this.ended;
  }

  async stop(): Promise<void> {
    // Its "fast" shutdown: it does not wait for clients.
    if (this.server.exitCode === null && this.server.signalCode === null)
      this.server.kill('SIGINT');
    await this.ended;
    if (this.memory !== null) spawnSync('ipcrm', ['-m', this.memory]);
    rmSync(this.home, { recursive: true });
  }

  /** https://www.postgresql.org/docs/current/storage-file-layout.html: postmaster.pid */
  private memoryId(): string | null {
    const lines = readFileSync(join(this.home, 'data/postmaster.pid'), 'utf8').split('\n');
    return /^\s*\d+\s+(\d+)/.exec(lines[6] ?? '')?.[1] ?? null;
  }

  private async answering(): Promise<void> {
    await Promise.race([
      this.untilItAnswers(),
      this.ended.then(() => Promise.reject(new Error('PostgreSQL ended before it answered.'))),
    ]);
  }

  private async untilItAnswers(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.ask('select 1');
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await pause(100);
      }
    }
  }
}

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'clientele-postgres-'));
  const owner = ordinaryUser();
  if (owner) chownSync(home, owner.uid, owner.gid);
  return home;
}

function certify(home: string): void {
  const files = ['-keyout', join(home, 'data/server.key'), '-out', join(home, 'data/server.crt')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, ...files], {
    ...optionsIn(home),
    stdio: 'ignore',
  });
}

function optionsIn(home: string) {
  return {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'] as const,
    ...ordinaryUser(),
  } as object;
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres']));
  return { uid: id('-u'), gid: id('-g') };
}

function program(name: string): string {
  const versions = listed(debian).map((version) => join(debian, version, 'bin'));
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  const found = folders.find((folder) => has(folder, 'initdb') && has(folder, name));
  if (found) return join(found, name);
  throw new Error(
    'PostgreSQL is not installed, and these tests run on a real one. On Debian and Ubuntu: ' +
      'apt-get install postgresql; elsewhere, put its programs into the PATH.',
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse();
  } catch {
    return [];
  }
}

function has(folder: string, name: string): boolean {
  try {
    accessSync(join(folder, name), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
