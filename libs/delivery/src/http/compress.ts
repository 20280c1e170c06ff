import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** A packet of the network: what fits into one is not worth it. */
const WORTH_BYTES = 1400;

/** Middleware that gzips JSON for who takes it. Other answers see to that themselves. */
export function compressJson(request: Request, response: Response, next: () => void): void {
  response.json = (body) => {
    const json = Buffer.from(JSON.stringify(body));
    response.vary('Accept-Encoding').type('json');
    if (json.length < WORTH_BYTES || request.acceptsEncodings('gzip') === false) return response.send(json);
    gzip(json, (failure, zipped) => {
      if (failure === null) response.set('Content-Encoding', 'gzip');
      response.send(failure === null ? zipped : json);
    });
    return response;
  };
  next();
}
