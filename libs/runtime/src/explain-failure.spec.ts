import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { readEnv, toConfig } from '@hub/config';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { explainFailure } from './explain-failure.ts';

const config = (env: Record<string, string>) => toConfig('hub', readEnv(env));

async function takePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) };
}

describe('explainFailure', () => {
  it('names the port that is taken and the variable to change', async () => {
    await using taken = await takePort();
    const second = createServer().listen(taken.port, '127.0.0.1');
    const [error] = (await once(second, 'error')) as [Error];
    const failure = explainFailure(error, config({ API_GATEWAY_SERVER_PORT: String(taken.port) }));
    expect(failure.message).toBe(
      `Port ${taken.port} is in use by another program. Stop it, or set API_GATEWAY_SERVER_PORT to another port.`,
    );
    expect(failure.exitCode).toBe(1);
  });

  it("understands gRPC's way of saying it", async () => {
    await using taken = await takePort();
    setLogVerbosity(logVerbosity.NONE);
    const server = new Server();
    const error = await new Promise<Error | null>((resolve) => {
      server.bindAsync(`127.0.0.1:${taken.port}`, ServerCredentials.createInsecure(), resolve);
    });
    expect(explainFailure(error, config({ SERVICE_PORT: String(taken.port) })).message).toContain('SERVICE_PORT');
    server.forceShutdown();
  });

  it('ends with 78 on a wrong environment', () => {
    try {
      readEnv({ PUBLISHER_TYPE: 'x' });
    } catch (error) {
      expect(explainFailure(error).exitCode).toBe(78);
    }
    expect.assertions(1);
  });
});
