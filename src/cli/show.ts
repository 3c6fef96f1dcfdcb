import Table from 'cli-table3';

type Row = Record<string, string | number | string[] | null>;

/** Rows for a person as a table, or for a program as JSON; the keys are the headings. */
export function show(rows: Row[], { json }: { json?: true | undefined }): void {
  if (json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const first = rows[0];
  if (!first) {
    console.log('none');
    return;
  }
  const table = new Table({
    head: Object.keys(first),
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(Object.values(row).map(cell));
  console.log(table.toString());
}

function cell(value: Row[string]): string {
  return Array.isArray(value) ? value.join('\n') : String(value ?? '–');
}

/** A time of the service, in ms since the epoch, for people and programs alike. */
export function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
