import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.js';
import { createLogger } from '../log.js';
import { welcome } from './welcome.js';

/** The signals by which a terminal and a process manager ask for an end. */
const endings = ['SIGTERM', 'SIGINT'] as const;

export function serveCommand() {
  return new Command('serve')
    .description('serve GraphQL and REST until SIGTERM or SIGINT')
    .action(async () => {
      const config = readConfig();
      // Loaded here, so that the other commands start without the faces.
      const { start } = await import('../start.js');
      const log = createLogger(config);
      const service = await start(config, log);
      // In production stdout is for the log alone.
      if (!config.production) console.log(welcome(service));
      log.info({ url: service.url, database: config.databasePath }, 'listening');

      const signal = await new Promise<string>((resolve) => {
        for (const ending of endings) process.once(ending, resolve);
      });
      log.info({ signal }, 'stopping');
      await service.stop();
      log.info('stopped');
    });
}
