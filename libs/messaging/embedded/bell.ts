/** Wakes whoever waits. */
export class Bell {
  private round = Promise.withResolvers<void>();

  /** Resolves at the next ring. Take it before looking whether there is work, so that no ring falls between. */
  next(): Promise<void> {
    return this.round.promise;
  }

  ring(): void {
    const { resolve } = this.round;
    this.round = Promise.withResolvers<void>();
    resolve();
  }
}
