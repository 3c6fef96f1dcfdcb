import type { Template } from './lib/clientele.js';
import type { Options } from './options.js';
import type { SectionResult } from './report/results.js';

/** What a section works with. */
export type Bench = {
  options: Options;
  /** A folder of its own, gone after it. */
  folder: string;
  template: Template;
  /** Tells the person at the terminal how it gets on. */
  say(line: string): void;
};

export type Section = (bench: Bench) => Promise<SectionResult>;
