import type { Faults } from '../faults.ts';
import { brokenFrame, type StreamMessage, type Streams } from './streams.ts';

/** Puts messages on the streams, as well or as badly as the faults will have it. */
export class Delivery {
  private readonly streams: Streams;
  private readonly faults: Faults;
  private held: StreamMessage | undefined;

  constructor(streams: Streams, faults: Faults) {
    this.streams = streams;
    this.faults = faults;
  }

  /** Whether the message went, or will go, onto the streams. */
  deliver(message: StreamMessage): boolean {
    if (this.faults.strikes('drop_connections')) this.streams.cutAll();
    if (this.faults.strikes('go_silent')) return false;
    const isPost = message.event !== 'delete';
    if (isPost && (this.faults.strikes('deletes_only') || this.faults.strikes('deletes_untold'))) return false;
    if (this.held === undefined && this.faults.strikes('reorder')) {
      this.held = message;
      return true;
    }
    this.send(message);
    this.flush();
    return true;
  }

  /** Sends what is held back to go after the next message, which may be long in coming. */
  flush(): void {
    const late = this.held;
    this.held = undefined;
    if (late !== undefined) this.send(late);
  }

  private send(message: StreamMessage): void {
    if (this.faults.strikes('malformed_json')) this.streams.send(message, brokenFrame);
    this.streams.send(message);
    if (this.faults.strikes('duplicate')) this.streams.send(message);
  }
}
