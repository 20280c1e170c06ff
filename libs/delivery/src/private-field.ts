/** A part that a library keeps to itself; undefined where it has none of that name, or has it no more. */
export function privateField(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}
