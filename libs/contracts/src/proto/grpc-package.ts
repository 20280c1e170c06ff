import type { ServiceDefinition } from '@grpc/grpc-js';

/**
 * The services in the form that Nest's gRPC transport takes as `packageDefinition`: full service names, and methods
 * under their names in the .proto file (generated code has them in camelCase).
 */
export function grpcPackage(...services: ServiceDefinition[]): Record<string, ServiceDefinition> {
  return Object.fromEntries(services.map(describe));
}

function describe(service: ServiceDefinition): [string, ServiceDefinition] {
  const methods = Object.entries(service).map(([name, method]) => {
    const methodName = method.path.slice(method.path.lastIndexOf('/') + 1);
    return [methodName, { ...method, originalName: name }] as const;
  });
  const path = Object.values(service)[0]?.path ?? '';
  return [path.slice(1, path.lastIndexOf('/')), Object.fromEntries(methods)];
}
