import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFloor } from './contenders.js';
import { send } from './lib/client.js';
import { copyTemplate, createTemplate, startClientele } from './lib/clientele.js';
import { partOf, parts } from './lib/parts.js';
import {
  frequency,
  isPerfInstalled,
  record,
  removeNamesAtEnd,
  samplesIn,
  withNames,
} from './lib/perf.js';
import type { RunningServer } from './lib/processes.js';
import { createWorkspace } from './lib/workspace.js';
import { isWrkInstalled, load } from './lib/wrk.js';
import { wholeNumber } from './options.js';
import type { Profile } from './report/results.js';
import { profileTable } from './report/tables.js';
import { createRequest } from './sections/create.js';
import { clienteleGraphql, type Dialect, rest } from './workload/dialects.js';
import { reference } from './workload/reference.js';

/**
 * Where the time of a create goes: looks with `perf` at Clientele, behind either face, and at the
 * floor while 50 connections create customers. `node bench/dist/profile.js [--seconds N]`, on Linux.
 */

// Whatever still runs, and the folder, go with the process.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('SIGHUP', () => process.exit(129));

if (!isPerfInstalled() || !isWrkInstalled()) {
  console.error('This needs perf and wrk. On Debian: apt-get install linux-perf wrk');
  process.exit(1);
}

const seconds = readSeconds();
const folder = createWorkspace();
const template = await createTemplate(folder);
const env = { NODE_OPTIONS: withNames };

const overGraphql = await profileOf('GraphQL', clienteleGraphql, await startOwn('graphql'));
const overRest = await profileOf('REST', rest, await startOwn('rest'));
const floor = await startFloor({ folder }, { other: overRest.answer }, env);
const ofFloor = await profileOf('floor', rest, floor);
console.log(profileTable(parts, [overGraphql.profile, overRest.profile, ofFloor.profile]));

function readSeconds(): number {
  try {
    const { values } = parseArgs({ options: { seconds: { type: 'string' } } });
    return wholeNumber('seconds', values.seconds, 10);
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: node bench/dist/profile.js [--seconds N]`);
    return process.exit(2);
  }
}

/** Clientele, on a database of its own. */
function startOwn(name: string): Promise<RunningServer> {
  return startClientele(copyTemplate(template, folder, name), folder, { name, env });
}

async function profileOf(
  name: string,
  dialect: Dialect,
  server: RunningServer,
): Promise<{ profile: Profile; answer: string }> {
  removeNamesAtEnd(server.pid);
  const { text: answer } = await send(server.url + dialect.path, {
    token: template.token,
    body: dialect.body({ ...reference, externalId: 'first' }),
  });
  const create = () =>
    load({
      url: server.url,
      method: 'POST',
      token: template.token,
      requests: [createRequest(dialect)],
      connections: 50,
      seconds,
      folder,
    });
  console.error(`${name}: ${seconds} s to warm up, and ${seconds} s that are looked at`);
  await create();
  const file = join(folder, `${server.pid}.perf`);
  const { requests, perSecond } = await record(server.pid, file, create);
  await server.stop();

  const inParts = new Map<string, number>();
  const perSample = 1e6 / frequency / requests;
  for await (const frames of samplesIn(file)) {
    const part = partOf(frames);
    inParts.set(part, (inParts.get(part) ?? 0) + perSample);
  }
  return { profile: { name, parts: inParts, perRequest: 1e6 / perSecond }, answer };
}
