import { type Config, ConfigError, readConfig, settingNames } from '../config.js';
import { type Finding, ok, problem } from './finding.js';

/** What the settings say, as far as they make sense. */
export type SettingsReport = {
  findings: Finding[];
  /** With the default for each setting that makes no sense. */
  config: Config;
  /** The names of those settings. */
  senseless: ReadonlySet<string>;
};

export function checkSettings(environment: NodeJS.ProcessEnv): SettingsReport {
  try {
    const config = readConfig(environment);
    const set = settingNames.filter((name) => environment[name]?.trim());
    const message = set.length > 0 ? `Set, and in order: ${set.join(', ')}.` : 'All by default.';
    return { findings: [ok('settings', message)], config, senseless: new Set() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const senseless = new Set(error.issues.map(({ setting }) => setting));
    const rest = Object.entries(environment).filter(([name]) => !senseless.has(name));
    return {
      findings: error.issues.map(({ setting, message }) =>
        problem('settings', `${setting} ${message}.`),
      ),
      config: readConfig(Object.fromEntries(rest)),
      senseless,
    };
  }
}
