export type Target = { atLeast: number } | { atMost: number };

/** Something that is judged: a value for each round, and what their median should be. */
export type Comparison = {
  what: string;
  unit: 'times' | 'ms';
  values: number[];
  target: Target | null;
  /** Of the comparisons of one group it is enough that one reaches its target. */
  group?: string;
};

/** What one server, or one way to do a thing, came to in each round. */
export type Measurement = {
  section: string;
  name: string;
  unit: string;
  values: number[];
  /** In ms, where single requests were timed. */
  p50?: number[];
  p99?: number[];
};

export type SectionResult = {
  measurements: Measurement[];
  comparisons: Comparison[];
  /** What a reader has to know beside the figures, such as what was left out. */
  notes: string[];
};

/** What a request takes of the processor, in µs by part of the work, and of the wall clock in all. */
export type Profile = { name: string; parts: Map<string, number>; perRequest: number };
