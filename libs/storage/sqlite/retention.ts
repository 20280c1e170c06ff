import { Logger } from '@nestjs/common';
import type { Remote } from '@hub/sqlite';
import type { WriterApi } from './store-api.ts';

const DAY_MS = 86_400_000;
const EVERY_MS = 3 * 60_000;

/** Removes what is past its time, every few minutes and when asked. */
export class Retention {
  private readonly logger = new Logger(Retention.name);
  private readonly writer: Remote<WriterApi>;
  private readonly keepMs: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(writer: Remote<WriterApi>, days: number) {
    this.writer = writer;
    this.keepMs = days * DAY_MS;
  }

  start(): void {
    this.timer = setInterval(() => void this.tidy(), EVERY_MS).unref();
  }

  /** One slice after the other, so that applies come in between. Returns how many posts went. */
  prune(now: Date): Promise<number> {
    const run = this.running.then(() => this.slices(now.getTime()));
    this.running = run.catch(() => undefined);
    return run;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  private async slices(now: number): Promise<number> {
    let posts = 0;
    for (let more = true; more && !this.stopped;) {
      const slice = await this.writer.prune(now, this.keepMs);
      posts += slice.posts;
      more = slice.more;
    }
    await this.writer.flushLog();
    return posts;
  }

  private async tidy(): Promise<void> {
    try {
      await this.prune(new Date());
    } catch (error) {
      this.logger.warn(`Old posts could not be removed; tried again in 3 minutes: ${String(error)}`);
    }
  }
}
