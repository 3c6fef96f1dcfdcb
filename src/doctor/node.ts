import { type Finding, ok, problem } from './finding.js';

/** Whether this is a Node that package.json's `engines` lets in, such as `>=20`. */
export function checkNode(version: string, engines: string): Finding {
  const wanted = Number(/^>=(\d+)$/.exec(engines)?.[1]);
  const major = Number(/^v?(\d+)/.exec(version)?.[1]);
  return major >= wanted
    ? ok('node', `Node ${version.replace('v', '')}; ${wanted} or newer is wanted.`)
    : problem('node', `This is Node ${version.replace('v', '')}. Install ${wanted} or newer.`);
}
