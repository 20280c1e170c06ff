import compression from 'compression';

/** A packet of the network: what fits into one is not worth it. */
const WORTH_BYTES = 1400;

/** Middleware that compresses JSON for who takes it: event streams must not wait to be, and files are compressed before. */
export const compressJson = compression({
  threshold: WORTH_BYTES,
  filter: (_, response) => /\bjson\b/.test(String(response.getHeader('Content-Type'))),
});
