import type { Config } from '@hub/config';
import { grpcPackage } from '@hub/contracts/proto';
import { logVerbosity, setLogVerbosity, type ServiceDefinition } from '@grpc/grpc-js';
import { Transport, type GrpcOptions } from '@nestjs/microservices';

/** Longest message: a post with everything is some 100 KB; the original's clients send no larger ones. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Nest's gRPC transport for the given services, on the app's gRPC address. */
export function grpcTransport({ grpc }: Pick<Config, 'grpc'>, services: readonly ServiceDefinition[]): GrpcOptions {
  // What goes wrong is thrown, and told once; grpc-js would write it to standard error besides.
  setLogVerbosity(logVerbosity.NONE);
  return {
    transport: Transport.GRPC,
    options: {
      url: `${grpc.host}:${grpc.port}`,
      package: 'hubapiv1',
      packageDefinition: grpcPackage(...services),
      gracefulShutdown: true,
      maxReceiveMessageLength: MAX_MESSAGE_BYTES,
      keepalive: { keepaliveTimeMs: 30_000, keepaliveTimeoutMs: 10_000, keepalivePermitWithoutCalls: 1 },
    },
  };
}
