import type { WriteStream } from 'node:tty';

/**
 * Whether what goes to stdout or stderr may be coloured: on a terminal that shows colours, or where
 * FORCE_COLOR is set; never where NO_COLOR is (https://no-color.org: to anything but nothing).
 */
export function hasColours(stream: WriteStream, environment = process.env): boolean {
  const { NO_COLOR, FORCE_COLOR, ...others } = environment;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && stream.hasColors(others);
}

const codes = { bold: [1, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

export type Style = keyof typeof codes;

/** The text, in that style on a terminal (ECMA-48, SGR). */
export function styled(style: Style, text: string): string {
  const [on, off] = codes[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}
