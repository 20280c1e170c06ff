import * as fc from 'fast-check';

/** What must not be in any answer: paths, stacks, modules, the store's own words. */
export const INTERNAL =
  /node_modules|\/libs\/|\.ts:\d|\n\s+at |SQLITE|TypeError|RangeError|Unexpected token|Cannot read|index out of range|wire type|Zod/;

export const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ minLength: 200, maxLength: 3000 }),
);
