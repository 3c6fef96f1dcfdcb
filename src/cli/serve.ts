import { Command } from '@commander-js/extra-typings';
import { readConfig } from '../config.js';
import { createLogger } from '../log.js';
import { nameOf } from '../storage/database.js';
import { welcome } from './welcome.js';

/** How long, in ms, after it has stopped something may keep the process. */
const exitDeadline = 500;

export function serveCommand() {
  return new Command('serve')
    .description('serve GraphQL and REST until SIGTERM or SIGINT')
    .action(async () => {
      const config = readConfig();
      // Loaded here, so that the other commands start without the faces.
      const { start } = await import('../start.js');
      const log = createLogger(config);
      process.stdout.on('error', () => {});
      const service = await start(config, log);
      // In production stdout is for the log alone.
      if (!config.production) console.log(welcome(service));
      log.info({ url: service.url, database: nameOf(config.database) }, 'listening');

      const signal = await new Promise<string>((resolve) => {
        // Said once more, SIGTERM changes nothing, while a second Ctrl-C ends it at once.
        process.on('SIGTERM', resolve).once('SIGINT', resolve);
      });
      log.info({ signal }, 'stopping');
      await service.stop();
      log.info('stopped');
      // A collector of traces that does not answer would keep the process for up to half a minute.
      setTimeout(() => process.exit(), exitDeadline).unref();
    });
}
