import fc from 'fast-check';

/**
 * Decisions that a generator takes one after another. What is written by a walk (a document along a
 * schema) shrinks with its tape: at its end every decision is the first, which is the plainest.
 */
export class Tape {
  private at = 0;

  constructor(private readonly numbers: readonly number[]) {}

  /** A whole number from 0 to `count` - 1. */
  upTo(count: number): number {
    return (this.numbers[this.at++] ?? 0) % count;
  }

  /** True once in `times`, never at the end of the tape. */
  once(times: number): boolean {
    return this.upTo(times) === times - 1;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.upTo(items.length)] as T;
  }
}

const numbers = fc.array(fc.nat({ max: 0xffff }), { maxLength: 120, size: 'max' });

export const tape: fc.Arbitrary<Tape> = numbers.map((list) => new Tape(list));

const knownNumbers = fc.sample(numbers, { seed: 1, numRuns: 12 });

/** One of a few tapes, so that what comes of it comes again and again. */
export const knownTape: fc.Arbitrary<Tape> = fc
  .constantFrom(...knownNumbers)
  .map((list) => new Tape(list));

const insertions = ['', '\0', '"', '{', '}', '[', ']', '\\', ':', ' ', '\n', '\r', '$', '@', '...'];
const moreInsertions = [
  '\xff',
  '\xc3',
  '\xed\xa0\x80',
  '%',
  '0',
  '-',
  'e9',
  '__proto__',
  '#',
  '"""',
];
const tokens = /\w+|\s+|[^\w\s]/g;

/** The text with a few characters gone, doubled or put in, and tokens in each other's place. */
export function mutate(text: string, tape: Tape): string {
  let mutated = text;
  for (let times = 1 + tape.upTo(4); times > 0; times--) {
    const at = tape.upTo(mutated.length + 1);
    const length = 1 + tape.upTo(8);
    const [before, cut, after] = [
      mutated.slice(0, at),
      mutated.slice(at, at + length),
      mutated.slice(at + length),
    ];
    switch (tape.upTo(4)) {
      case 0:
        mutated = before + after;
        break;
      case 1:
        mutated = before + cut + cut + after;
        break;
      case 2:
        mutated = before + tape.pick([...insertions, ...moreInsertions]) + cut + after;
        break;
      default: {
        const list = mutated.match(tokens) ?? [];
        const [one, other] = [tape.upTo(list.length || 1), tape.upTo(list.length || 1)];
        [list[one], list[other]] = [list[other] ?? '', list[one] ?? ''];
        mutated = list.join('');
      }
    }
  }
  return mutated;
}
