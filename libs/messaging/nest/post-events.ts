import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { BatchHandler } from '@hub/messaging';

/** The pattern under which batches of deliveries arrive. */
export const POST_EVENTS = 'post.events';

/** Lets errors through as they are. Nest's own filter would replace each by «Internal server error», and lose whether to retry. */
@Catch()
export class PassErrorsFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

// Of a literal type, Nest's signatures would make a decorator that strict method types refuse.
const pattern: unknown = POST_EVENTS;

/** Marks a controller's method as the BatchHandler: EventPattern of POST_EVENTS, with errors kept as they are. */
export function HandlesPostEvents() {
  return <Handler extends BatchHandler>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    EventPattern(pattern)(target, name, descriptor);
    UseFilters(new PassErrorsFilter())(target, name, descriptor);
  };
}
