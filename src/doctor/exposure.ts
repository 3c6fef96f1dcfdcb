import type { Config } from '../config.js';
import { isLoopback } from '../http/loopback.js';
import { type Finding, ok, warning } from './finding.js';

/** So few different characters are a word or a pattern rather than chance. */
const fewCharacters = 8;

/** Who can reach the service, and what they find there. */
export function checkExposure({
  host,
  production,
  graphiql,
}: Pick<Config, 'host' | 'production' | 'graphiql'>): Finding {
  if (isLoopback(host)) return ok('exposure', `Only this machine can reach it: HOST is ${host}.`);
  if (!production) {
    return warning(
      'exposure',
      `Other machines can reach it: HOST is ${host}. Set NODE_ENV=production, so that it prints no ` +
        'token at the first start and has no GraphiQL, or HOST=127.0.0.1.',
    );
  }
  return graphiql
    ? warning(
        'exposure',
        `Other machines can reach GraphiQL: HOST is ${host}, and GRAPHIQL is on. It needs a token to ` +
          'do anything; set GRAPHIQL=off unless you want it there.',
      )
    : ok('exposure', `Other machines can reach it: HOST is ${host}, and this is production.`);
}

/** Whether the token of `/metrics` could be guessed. */
export function checkMetricsToken(token: string | null): Finding {
  if (token === null) return ok('metrics', 'There is no /metrics without a METRICS_TOKEN.');
  return new Set(token).size < fewCharacters
    ? warning(
        'metrics',
        'METRICS_TOKEN could be guessed: it is made of few different characters. Take one of:',
        'openssl rand -hex 24',
      )
    : ok('metrics', '/metrics asks for the METRICS_TOKEN.');
}
