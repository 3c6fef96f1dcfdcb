import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { useFolder } from '../support/command.js';
import { rowsOf, useDatabases } from '../support/database.js';
import { Served } from './served.js';

const folder = useFolder();
const newDatabase = useDatabases();

let served: Served;

afterEach(() => served.end());

/** Makes a version with one migration more, and returns its main file. */
function makeNewer(sql: string): string {
  for (const name of ['dist', 'drizzle', 'package.json', 'schema.graphql']) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const journalPath = join(folder, 'drizzle/postgres/meta/_journal.json');
  const journal = JSON.parse(readFileSync(journalPath, 'utf8'));
  const tag = `${String(journal.entries.length).padStart(4, '0')}_test`;
  const entry = { idx: journal.entries.length, version: '7', when: Date.now(), tag };
  journal.entries.push({ ...entry, breakpoints: true });
  writeFileSync(journalPath, JSON.stringify(journal));
  writeFileSync(join(folder, `drizzle/postgres/${tag}.sql`), sql);
  return join(folder, 'dist/main.js');
}

test('a newer version takes over from an older one under load, and nothing is refused or lost', {
  timeout: 60_000,
}, async () => {
  const databaseUrl = await newDatabase();
  const newer = makeNewer(
    `alter table customers add column note text default 'none' not null;
     --> statement-breakpoint
     create index customers_by_note on customers (corporation_id, note)`,
  );
  served = new Served(databaseUrl);
  const older = await served.start();
  await served.begin();
  await served.answers(100);

  const replacing = await served.start(newer);
  const notes = await rowsOf(databaseUrl, 'select note from customers limit 1');
  expect(notes).toEqual([{ note: 'none' }]);
  await served.answers(100);

  // What runs the older one starts one anew, where it ended or was moved.
  const again = await served.start();
  expect(again.output).toContain('newer version');
  await served.stop(older);
  await served.answers(100);

  await served.stop(again);
  await served.answers(100);

  await served.compare(databaseUrl);
  expect(served.figures.unanswered, `SEED=${served.seed}`).toBe(0);
  expect(served.processes.fared.get(`REST of ${replacing.url}`)?.answered).toBeGreaterThan(0);
  expect(served.processes.fared.get(`GraphQL of ${replacing.url}`)?.answered).toBeGreaterThan(0);
});
