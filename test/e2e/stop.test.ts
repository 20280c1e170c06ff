import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { freePort } from '../servers/server-process.ts';
import { CLEAN, entryOf, temporaryFolder } from './support/apps.ts';

const SERVES_PAGES = new Set(['gateway', 'hub']);

it.each(['producer', 'processor', 'gateway', 'mastodon-stream', 'hub', 'simulator'])(
  'the %s stops in order when it is told to',
  async (app) => {
    await using folder = await temporaryFolder();
    const port = await freePort();
    const nobody = `127.0.0.1:${await freePort()}`;
    const running = spawn(process.execPath, [entryOf(app)], {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        ...CLEAN,
        DATA_DIR: folder.path,
        SERVICE_PORT: String(await freePort()),
        API_GATEWAY_SERVER_PORT: String(port),
        // Neither the server nor the producer is there: nobody has to be, for it to end.
        ...(app === 'mastodon-stream' && { MASTODON_SERVER: `http://${nobody}`, GRPC_SERVICE_ADDR: nobody }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 50_000,
    });
    const complaint = text(running.stderr);
    // All but what it logs as JSON lines is what it says once it runs.
    for await (const part of running.stdout) if (/^[^{\n]/m.test(String(part))) break;
    // As browsers open them ahead of need: nobody has to close them, either.
    const unused = SERVES_PAGES.has(app) ? connect(port, '127.0.0.1') : undefined;
    if (unused !== undefined) await once(unused, 'connect');
    running.kill('SIGTERM');
    const [code, signal] = (await once(running, 'exit')) as [number | null, string | null];
    unused?.destroy();
    expect({ code, signal, complaint: await complaint }).toEqual({ code: 0, signal: null, complaint: '' });
  },
  60_000,
);
