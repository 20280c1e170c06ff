/** Most JSON that goes into one frame; one larger event goes alone. */
export const FRAME_BYTES = 256 * 1024;

/** How many of these, from the first on, have at most `maxBytes` of JSON together; one at least. */
export function howManyFit(events: readonly { readonly json: Buffer }[], maxBytes: number): number {
  let bytes = 0;
  const tooMany = events.findIndex(({ json }, i) => (bytes += json.length) > maxBytes && i > 0);
  return tooMany < 0 ? events.length : tooMany;
}
