import type { Section } from './bench.js';
import { createTemplate } from './lib/clientele.js';
import { stopAll } from './lib/processes.js';
import { createFolder, createWorkspace, remove } from './lib/workspace.js';
import { isWrkInstalled } from './lib/wrk.js';
import {
  type Options,
  readOptions,
  type SectionName,
  sectionNames,
  UsageError,
  usage,
} from './options.js';
import { machineFacts } from './report/facts.js';
import type { SectionResult } from './report/results.js';
import { comparisonTable, measurementTable } from './report/tables.js';
import { writeResults } from './report/write.js';
import { bulk } from './sections/bulk.js';
import { create } from './sections/create.js';
import { growth } from './sections/growth/growth.js';
import { importFile } from './sections/import.js';
import { memory } from './sections/memory.js';
import { overload } from './sections/overload.js';
import { postgres } from './sections/postgres.js';
import { readById } from './sections/read.js';
import { single } from './sections/single.js';
import { startUp } from './sections/start.js';

const sections: Record<SectionName, Section> = {
  create,
  read: readById,
  bulk,
  import: importFile,
  single,
  start: startUp,
  memory,
  growth,
  overload,
  postgres,
};

// Whatever still runs, and the folder, go with the process.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('SIGHUP', () => process.exit(129));

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) console.log(usage);
  else if (!isWrkInstalled()) {
    console.error('The bench puts load on the servers with wrk, which is not installed.');
    console.error('On Debian and Ubuntu: apt-get install wrk; with Homebrew: brew install wrk.');
    process.exitCode = 1;
  } else {
    const result = await runSections(options);
    report(result, options);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}

async function runSections(options: Options): Promise<SectionResult> {
  const workspace = createWorkspace();
  const template = await createTemplate(workspace);
  const startedAt = Date.now();
  const say = (line: string) => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.error(`${String(seconds).padStart(5)} s  ${line}`);
  };

  const all: SectionResult = { measurements: [], comparisons: [], notes: [] };
  for (const name of options.sections) {
    const folder = createFolder(workspace, name);
    const result = await sections[name]({ options, folder, template, say });
    await stopAll();
    remove(folder);
    all.measurements.push(...result.measurements);
    all.comparisons.push(...result.comparisons);
    all.notes.push(...result.notes);
  }
  return all;
}

function report(result: SectionResult, options: Options): void {
  if (options.smoke) {
    for (const note of result.notes) console.log(note);
    console.log(`${result.measurements.length} measurements taken: everything works.`);
    return;
  }
  const machine = machineFacts();
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, ` +
      `Node ${machine.node}, SQLite ${machine.sqlite}`,
  );
  const versions = Object.entries(machine.peers).map(([name, version]) => `${name} ${version}`);
  console.log(versions.join(', '));
  console.log(`${options.rounds} rounds, ${options.seconds} s a turn\n`);
  console.log(measurementTable(result.measurements));
  console.log(comparisonTable(result.comparisons));
  for (const note of result.notes) console.log(note);

  if (options.sections.length === sectionNames.length) {
    writeResults(result, machine, options);
    console.log('\nKept as bench/results/latest.json and latest.svg.');
  } else {
    console.log('\nNot kept: bench/results has runs of all sections.');
  }
}
