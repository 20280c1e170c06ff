import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Access } from './access.ts';
import { callerOf, type Client } from './client.ts';

const clients = new WeakMap<Request, Client>();

/** Lets HTTP requests through that Access admits. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    clients.set(request, await this.access.admit(callerOf(request)));
    return true;
  }
}

/** The parameter of a guarded route that says who asks. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Client => {
  const client = clients.get(context.switchToHttp().getRequest<Request>());
  if (client === undefined) throw new Error('this route is not guarded');
  return client;
});
