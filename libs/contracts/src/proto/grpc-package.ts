import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

type Methods = Record<string, Omit<MethodDefinition<never, never>, 'originalName'>>;

/**
 * The services in the form that Nest's gRPC transport takes as `packageDefinition`: full service names, and methods
 * under their names in the .proto file (generated code has them in camelCase).
 */
export function grpcPackage(...services: object[]): Record<string, ServiceDefinition> {
  return Object.fromEntries(services.map((service) => describe(service as Methods)));
}

function describe(service: Methods): [string, ServiceDefinition] {
  const methods = Object.entries(service).map(([name, method]) => {
    const methodName = method.path.slice(method.path.lastIndexOf('/') + 1);
    return [methodName, { ...method, originalName: name }] as const;
  });
  const path = Object.values(service)[0]?.path ?? '';
  return [path.slice(1, path.lastIndexOf('/')), Object.fromEntries(methods) as unknown as ServiceDefinition];
}
