import { Command } from '@commander-js/extra-typings';
import { nameOf } from '../storage/database.js';
import { databaseUrl, details } from './help.js';
import { invocationElsewhere } from './invocation.js';
import { welcome } from './welcome.js';

/** How long, in ms, after it has stopped something may keep the process. */
const exitDeadline = 500;

export function serveCommand() {
  return new Command('serve')
    .description('serve GraphQL and REST until SIGTERM or SIGINT')
    .addHelpText(
      'after',
      details({
        notes: [
          'It logs to stdout: JSON lines, or a readable form on a terminal. The first start on an ' +
            'empty database makes a corporation and a token, and prints them, unless NODE_ENV is ' +
            'production.',
        ],
        environment: {
          HOST: 'the address to listen on; 127.0.0.1 by default',
          PORT: 'the port to listen on; 4000 by default',
          ...databaseUrl,
          LOG_LEVEL: 'the lowest level that is logged; info by default',
          NODE_ENV: 'production where others can reach it',
          '…': 'and limits, metrics, traces: see the docs',
        },
        exitCodes: {
          0: 'it was stopped, and has answered what was begun',
          1: 'it could not start; stderr says why and what to do',
        },
        examples: (clientele) => [`${clientele} serve`, `PORT=8080 ${clientele} serve`],
        docs: 'README.md, "Settings"',
      }),
    )
    .action(async () => {
      // Loaded here, so that the other commands start without the faces.
      const { readConfig } = await import('../config.js');
      const config = readConfig();
      const [{ start }, { createLogger }] = await Promise.all([
        import('../start.js'),
        import('../log.js'),
      ]);
      const log = await createLogger(config);
      // It serves on whatever becomes of stdout, and that is no fault to exit with.
      process.stdout.removeAllListeners('error').on('error', () => {});
      const service = await start(config, log);
      // Before anyone is told that it listens, who may stop it at once.
      const signalled = new Promise<string>((resolve) => {
        // Said once more, SIGTERM changes nothing, while a second Ctrl-C ends it at once.
        process.on('SIGTERM', resolve).once('SIGINT', resolve);
      });
      // In production stdout is for the log alone.
      if (!config.production) console.log(welcome(service, invocationElsewhere()));
      log.info({ url: service.url, database: nameOf(config.database) }, 'listening');

      const signal = await signalled;
      log.info({ signal }, 'stopping');
      await service.stop();
      log.info('stopped');
      // A collector of traces that does not answer would keep the process for up to half a minute.
      setTimeout(() => process.exit(), exitDeadline).unref();
    });
}
