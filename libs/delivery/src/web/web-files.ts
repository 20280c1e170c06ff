import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSED = new Set(['.css', '.html', '.js', '.svg', '.webmanifest']);
const COMPRESS = { br: promisify(brotliCompress), gzip: promisify(gzip) };
type Encoding = keyof typeof COMPRESS;

/** Names under assets/ carry a digest of what is in the file: another content has another name. */
const HASHED = '/assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

interface WebFile {
  body: Buffer;
  type: string;
  etag: string;
  cacheControl: string;
  /** Made when they are first asked for; none for what is compressed already. */
  encoded: Map<Encoding, Promise<Buffer>> | undefined;
}

type Next = (error?: unknown) => void;

/** The files of a folder by the path of their URLs; index.html is '/'. They are few and small, and kept in memory. */
export function readWebFiles(folder: string): Map<string, WebFile> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      return [path === '/index.html' ? '/' : path, webFile(path, readFileSync(file))];
    }),
  );
}

function webFile(path: string, body: Buffer): WebFile {
  const extension = extname(path);
  return {
    body,
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    cacheControl: path.startsWith(HASHED) ? FOR_EVER : ASK_AGAIN,
    encoded: COMPRESSED.has(extension) ? new Map() : undefined,
  };
}

/** Middleware that answers with the files, and passes on what it has none for. */
export function serveFiles(files: ReadonlyMap<string, WebFile>) {
  return (request: IncomingMessage, response: ServerResponse, next: Next): void => {
    const file = files.get((request.url ?? '').replace(/\?.*/s, ''));
    if (file === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    void answer(file, request, response, next);
  };
}

async function answer(file: WebFile, request: IncomingMessage, response: ServerResponse, failed: Next): Promise<void> {
  try {
    await send(file, request, response);
  } catch (error) {
    failed(error);
  }
}

async function send(file: WebFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Cache-Control', file.cacheControl);
  response.setHeader('ETag', file.etag);
  if (file.encoded !== undefined) response.appendHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match']?.includes(file.etag) === true) return void response.writeHead(304).end();
  const encoding = chooseEncoding(file, request.headers['accept-encoding'] ?? '');
  const body = encoding === undefined ? file.body : await encode(file, encoding);
  if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
  response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function chooseEncoding(file: WebFile, accepted: string): Encoding | undefined {
  if (file.encoded === undefined) return undefined;
  return (['br', 'gzip'] as const).find((encoding) => new RegExp(`\\b${encoding}\\b(?!;q=0(?![.\\d]))`).test(accepted));
}

function encode({ body, encoded }: WebFile, encoding: Encoding): Promise<Buffer> {
  const made = encoded?.get(encoding) ?? COMPRESS[encoding](body);
  encoded?.set(encoding, made);
  return made;
}
