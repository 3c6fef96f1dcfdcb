import { isUtf8 } from 'node:buffer';
import { type Duplex, pipeline, Readable } from 'node:stream';
import { parse as parseCsv } from 'csv-parse';
import { OperationalError } from '../errors.js';
import type { Format } from './format.js';

/** One row of a file, in the REST spelling; `content` is null when it could not be read as one. */
export type Row = { line: number; text: string; content: Record<string, unknown> | null };

/** The file itself, and not one of its rows, cannot be read; the message says why. */
export class FileError extends OperationalError {}

/** What one row may be at the most, in bytes, so that no file can fill the memory. */
const maxRowLength = 1_000_000;

/** The rows of a file, one by one as it is read. Throws `FileError`. */
export async function* readRows(
  source: AsyncIterable<Uint8Array>,
  format: Format,
): AsyncGenerator<Row> {
  try {
    yield* format === 'csv' ? csvRows(source) : ndjsonRows(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(`The file cannot be read to its end: ${reason}`, { cause: error });
  }
}

async function* ndjsonRows(source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const decoder = new TextDecoder();
  let line = 1;
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
      const row = ndjsonRow(bytes.subarray(start, end), line++, decoder);
      if (row) yield row;
      start = end + 1;
    }
    rest = bytes.subarray(start);
    expectShort(rest, line);
  }
  const row = ndjsonRow(rest, line, decoder);
  if (row) yield row;
}

/**
 * Lines are decoded one by one: of a chunk that has an `Ō` in one of them V8 makes a string of two bytes a
 * character, and whatever reads a part of it takes longer. A mark that begins one, as where files were put
 * together, is taken off.
 */
function ndjsonRow(bytes: Buffer, line: number, decoder: TextDecoder): Row | null {
  expectShort(bytes, line);
  if (!isUtf8(bytes)) throw new Error(`line ${line} is not UTF-8.`);
  const text = decoder.decode(bytes).replace(/\r$/, '');
  return text.trim() ? { line, text, content: parseObject(text) } : null;
}

function expectShort({ length }: Buffer, line: number): void {
  if (length > maxRowLength) throw new Error(`line ${line} is longer than ${maxRowLength} bytes.`);
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown> | null)
      : null;
  } catch {
    return null;
  }
}

type CsvRecord = {
  record: Record<string, string>;
  info: { lines: number; error?: Error };
  raw: string;
};

async function* csvRows(source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const records = through(
    Readable.from(decode(source)),
    parseCsv({
      columns: onceEach,
      // A quote inside a cell is a quote, unless the cell begins with one.
      relax_quotes: true,
      info: true,
      raw: true,
      skip_empty_lines: true,
      max_record_size: maxRowLength,
      // Reported for the row alone, through info.error, rather than ending the file.
      relax_column_count: true,
    }),
  );
  for await (const { record, info, raw } of records as AsyncIterable<CsvRecord>) {
    const content = info.error ? null : nest(record);
    yield { line: info.lines, text: raw.replace(/\r?\n$/, ''), content };
  }
}

/** As UTF-8, without the mark that may begin it; anything else must not be changed in silence. */
async function* decode(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** As `pipe`, but an error of the source ends the result with it. */
function through(source: Readable, transform: Duplex): Duplex {
  return pipeline(source, transform, () => {});
}

function onceEach(columns: string[]): string[] {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw new Error(`the column ${twice} is there twice.`);
  return columns;
}

/** The cells of a row as fields: empty ones are absent, a dot in a column leads into an object. */
function nest(record: Record<string, string>): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record)) {
    if (cell === '') continue;
    const [name = '', ...inner] = column.split('.');
    if (inner.length === 0) content[name] = cell;
    else content[name] = { ...(content[name] as object), [inner.join('.')]: cell };
  }
  return content;
}
