import type { Answer } from './connection.js';
import type { Stalls } from './service.js';

/** What was tried and what came of it, for people. */
export class Report {
  private readonly kinds = new Map<string, number>();
  private readonly statuses = new Map<string, number>();
  private readonly codes = new Map<string, number>();
  private slowest = { took: 0, kind: '' };
  tried = 0;

  add(kind: string, answers: Answer[], code: string | null): void {
    this.tried++;
    count(this.kinds, kind);
    if (answers.length === 0) count(this.statuses, 'closed');
    for (const { status, took } of answers) {
      count(this.statuses, String(status));
      if (took > this.slowest.took) this.slowest = { took, kind };
    }
    if (code) count(this.codes, code);
  }

  /** How many answers had an error of this code. */
  codeCount(code: string): number {
    return this.codes.get(code) ?? 0;
  }

  kindCount(kind: string): number {
    return this.kinds.get(kind) ?? 0;
  }

  print(seed: number, stalls: Stalls): string {
    return [
      `${this.tried} requests, SEED=${seed}`,
      table('tried', this.kinds),
      table('answered', this.statuses),
      table('codes', this.codes),
      `slowest answer ${this.slowest.took.toFixed(0)} ms (${this.slowest.kind})`,
      `longest stall of the event loop ${stalls.delay.toFixed(0)} ms, by work of its own ${stalls.work.toFixed(0)} ms`,
    ].join('\n');
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function table(title: string, counts: Map<string, number>): string {
  const rows = [...counts].sort(([, one], [, other]) => other - one);
  return [title, ...rows.map(([name, n]) => `  ${String(n).padStart(7)}  ${name}`)].join('\n');
}
