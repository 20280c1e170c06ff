/** Milliseconds since 1970; an argument so that tests can hold the time still. */
export type Clock = () => number;

const SEQUENCE_BITS = 16n;
/** Back-dated ids take the upper part of a millisecond's sequence, so that they cannot meet those given live. */
const LATE_SEQUENCES = 0x8000;

/** Ids as Mastodon makes them: milliseconds in the upper bits, a sequence in the lower 16; later ones are greater. */
export class Snowflakes {
  private readonly clock: Clock;
  private last = { time: 0, sequence: 0 };
  private late = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** An id greater than all that were given before. */
  next(): { id: string; time: number } {
    const time = Math.max(this.clock(), this.last.time);
    const sequence = time === this.last.time ? this.last.sequence + 1 : 0;
    this.last = sequence < LATE_SEQUENCES ? { time, sequence } : { time: time + 1, sequence: 0 };
    return { id: encode(this.last.time, this.last.sequence), time: this.last.time };
  }

  /** An id as of `age` milliseconds ago, as posts from other servers get that arrive late. */
  backdated(age: number): { id: string; time: number } {
    const time = this.clock() - age;
    this.late = (this.late + 1) % LATE_SEQUENCES;
    return { id: encode(time, LATE_SEQUENCES + this.late), time };
  }
}

function encode(time: number, sequence: number): string {
  return ((BigInt(time) << SEQUENCE_BITS) | BigInt(sequence)).toString();
}

/** The id of the same post at its own server: another number for each, and never the one that it has here. */
export function idAtOrigin(id: string): string {
  return (BigInt(id) ^ 0x2a5fn).toString();
}

/** Order of ids as numbers, for ids of any length. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
