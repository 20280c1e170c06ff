import type { Request } from 'express';

/** What is asked here of the router's layers; those without a route are middleware. */
interface Layer {
  route?: { methods: Readonly<Record<string, boolean>> };
  match(path: string): unknown;
}

/** The methods that the application answers at a request's path, as `Allow` names them; none: there is no such path. */
export function allowedMethods({ app, path }: Request): string[] {
  const { stack } = app.router as { stack: unknown[] };
  const methods = (stack as Layer[])
    .filter((layer) => layer.route !== undefined && layer.match(path))
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}))
    .map((method) => method.toUpperCase());
  if (methods.length === 0) return [];
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];
}
