import { type Finding, ok, problem } from './finding.js';

/** Whether this is a Node that package.json's `engines` lets in, such as `>=20.19`. */
export function checkNode(version: string, engines: string): Finding {
  const wanted = engines.replace('>=', '');
  const found = version.replace('v', '');
  return found.localeCompare(wanted, 'en', { numeric: true }) >= 0
    ? ok('node', `Node ${found}; ${wanted} or newer is wanted.`)
    : problem('node', `This is Node ${found}. Install ${wanted} or newer.`);
}
