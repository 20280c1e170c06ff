import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findWeb } from './find-web.ts';
import { readWebFiles, serveFiles } from './web-files.ts';

const SCRIPT = 'console.log("hub");'.repeat(100);

describe('the files of the web client', () => {
  let folder: string;
  let server: Server;
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const { port } = server.address() as AddressInfo;
    const [response] = (await once(request({ port, path, headers, method }).end(), 'response')) as [IncomingMessage];
    return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-web-'));
    await mkdir(join(folder, 'dist/apps/web/assets'), { recursive: true });
    await writeFile(join(folder, 'dist/apps/web/index.html'), '<!doctype html>');
    await writeFile(join(folder, 'dist/apps/web/assets/index-abc.js'), SCRIPT);
    await writeFile(join(folder, 'dist/apps/web/assets/text-abc.woff2'), 'font');
    const serve = serveFiles(readWebFiles(findWeb(join(folder, 'libs/delivery/src')) ?? ''));
    server = createServer((req, res) => serve(req, res, () => res.writeHead(404).end('next'))).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  it('has the page at / whatever its query, to be asked for again', async () => {
    const { status, headers, body } = await get('/?language=en');
    expect([status, String(body)]).toEqual([200, '<!doctype html>']);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    expect((await get('/', { 'if-none-match': String(headers.etag) })).status).toBe(304);
  });

  it('lets browsers keep what carries a digest in its name', async () => {
    const { headers } = await get('/assets/index-abc.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['identity', undefined, (body: Buffer) => body],
  ])('compresses for who accepts %s', async (accepted, encoding, decode) => {
    const { headers, body } = await get('/assets/index-abc.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(String(decode(body))).toBe(SCRIPT);
    expect(Number(headers['content-length'])).toBe(body.length);
  });

  it('does not compress what is compressed', async () => {
    const { headers } = await get('/assets/text-abc.woff2', { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['content-type']).toBe('font/woff2');
  });

  it('answers HEAD without a body', async () => {
    const { headers, body } = await get('/', {}, 'HEAD');
    expect([headers['content-length'], body.length]).toEqual(['15', 0]);
  });

  it.each([['/other'], ['/../../../etc/passwd'], ['/assets/'], ['/index.html']])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('passes on what is not to be read', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(404);
  });
});
