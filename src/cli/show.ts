import { hasColours, styled } from '../colour.js';

type Value = string | number | string[] | null;
export type Row = Record<string, Value>;

/** The help of `--json`, the same for every command that shows something. */
export const jsonOption = ['--json', 'print JSON, for programs'] as const;

type Form = { json?: true | undefined };

/**
 * Rows, with their keys as headings: a table on a terminal, JSON where that was asked for, and
 * elsewhere a line each with tabs between its values, for `cut`, `grep` and `wc`.
 */
export async function showRows(rows: Row[], { json }: Form): Promise<void> {
  if (json) console.log(JSON.stringify(rows, null, 2));
  else if (process.stdout.isTTY) console.log(rows.length > 0 ? await table(rows) : 'none');
  else for (const row of rows) console.log(Object.values(row).map(plain).join('\t'));
}

/** One row that sums something up; where there is no terminal each value has a line with its name. */
export async function showSummary(row: Row, { json }: Form): Promise<void> {
  if (json) console.log(JSON.stringify(row, null, 2));
  else if (process.stdout.isTTY) console.log(await table([row]));
  else for (const [name, value] of Object.entries(row)) console.log(`${name}\t${plain(value)}`);
}

/** A time of the service, in ms since the epoch, for people and programs alike. */
export function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

/** With the headings on top, or beside the values where that would be too wide for the terminal. */
async function table(rows: Row[]): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const bold = (text: string) => (hasColours(process.stdout) ? styled('bold', text) : text);
  const style = { head: [], border: [] };
  const head = Object.keys(rows[0] ?? {}).map(bold);
  const wide = new Table({ head, style });
  for (const row of rows) wide.push(Object.values(row).map(cell));
  const text = wide.toString();
  if (wide.width <= (process.stdout.columns || Number.POSITIVE_INFINITY)) return text;

  const records = rows.map((row) => {
    const record = new Table({ style, chars: unparted });
    for (const [name, value] of Object.entries(row)) record.push({ [bold(name)]: cell(value) });
    return record.toString();
  });
  return records.join('\n');
}

/** No lines between the values of a record. */
const unparted = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

function cell(value: Value): string {
  return Array.isArray(value) ? value.map(visible).join('\n') : visible(String(value ?? '–'));
}

function plain(value: Value): string {
  const text = Array.isArray(value) ? value.join(',') : String(value ?? '-');
  return visible(text.replaceAll(/\s/g, ' '));
}

/** The text without what would command the terminal, or turn the order of what stands around it. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
}
