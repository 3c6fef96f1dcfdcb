import { type Logger, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.js';

/** Logs to stdout: JSON, one object a line, or a readable form when stdout is a terminal. */
export function createLogger({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  const options: LoggerOptions = {
    level: logLevel,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return process.stdout.isTTY
    ? pino(options, pretty({ translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true }))
    : pino(options);
}
