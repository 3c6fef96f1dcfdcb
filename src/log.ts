import { type Logger, type LoggerOptions, pino } from 'pino';
import { hasColours } from './colour.js';
import type { Config } from './config.js';

/** Logs to stdout: JSON, one object a line, or a readable form when stdout is a terminal. */
export async function createLogger({ logLevel }: Pick<Config, 'logLevel'>): Promise<Logger> {
  const options: LoggerOptions = {
    level: logLevel,
    base: undefined,
    timestamp: createIsoTime(),
    formatters: { level: (label) => ({ level: label }) },
  };
  if (!process.stdout.isTTY) return pino(options, toStdout());
  const { default: pretty } = await import('pino-pretty');
  const colorize = hasColours(process.stdout);
  const readable = { translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true, colorize };
  return pino(options, pretty(readable));
}

/** As pino's own `isoTime`, but makes the text once for the many lines of one millisecond. */
function createIsoTime(): () => string {
  let at = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== at) {
      at = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/**
 * The lines of one turn of the event loop are written at once. A disk that is full or a reader that
 * is gone must not take the service with it: what cannot be written is kept up to a limit, then
 * dropped. (pino's own buffer can be emptied whole only by a call that also fsyncs.)
 */
function toStdout() {
  const destination = pino.destination({ dest: 1, sync: true, maxLength: 1_000_000 });
  destination.on('error', () => {});
  let lines = '';
  const flush = () => {
    if (lines === '') return;
    destination.write(lines);
    lines = '';
  };
  process.on('exit', flush);
  return {
    write(line: string) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
