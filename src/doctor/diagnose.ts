import { checkDatabase } from './database.js';
import { checkExposure, checkMetricsToken } from './exposure.js';
import type { Finding } from './finding.js';
import { checkNode } from './node.js';
import { checkPort } from './port.js';
import { checkSettings } from './settings.js';

export type DiagnoseOptions = {
  environment: NodeJS.ProcessEnv;
  /** package.json's `engines.node`. */
  engines: string;
  /** How the command line is called, for what is to be pasted. */
  clientele: string;
};

/**
 * Looks at all that the service rests on, and yields what each check finds as it is done. Nothing is
 * changed. A check whose own setting makes no sense is left out: that setting is a finding already.
 */
export async function* diagnose({
  environment,
  engines,
  clientele,
}: DiagnoseOptions): AsyncGenerator<Finding> {
  yield checkNode(process.version, engines);
  const { findings, config, senseless } = checkSettings(environment);
  yield* findings;
  const sensible = (...names: string[]) => !names.some((name) => senseless.has(name));

  if (sensible('HOST', 'NODE_ENV', 'GRAPHIQL')) yield checkExposure(config);
  if (sensible('METRICS_TOKEN')) yield checkMetricsToken(config.metricsToken);
  if (sensible('HOST', 'PORT')) yield await checkPort(config);
  if (sensible('DATABASE_URL')) {
    yield* checkDatabase({ database: config.database, now: Date.now(), clientele });
  }
}
