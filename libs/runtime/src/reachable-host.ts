/** The address by which this machine itself reaches what listens on `host`. */
export function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
}
