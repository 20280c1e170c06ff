/** Commits one request at a time; what asks for it while one is under way shares the next. */
export class Committer {
  private underWay: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  /** `commit` commits what was resolved when it is called. */
  constructor(private readonly commit: () => Promise<void>) {}

  /** Settles when what was resolved before this call is committed, or as the commit does. */
  flush(): Promise<void> {
    this.next ??= this.after(this.underWay);
    return this.next;
  }

  private async after(earlier: Promise<void>): Promise<void> {
    await Promise.allSettled([earlier]);
    this.underWay = this.next ?? earlier;
    this.next = undefined;
    await this.commit();
  }
}
