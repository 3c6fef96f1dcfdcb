import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

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

export type Style = 'bold' | 'red' | 'green' | 'yellow';

/** The text in that style, which `hasColours` has been asked for. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
