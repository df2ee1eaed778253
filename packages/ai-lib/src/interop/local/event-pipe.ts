/** Passes what callbacks produce on to a generator, in order. Its length is bounded by what one answer can have. */
export class EventPipe<T> {
  private readonly items: T[] = [];
  private wake: (() => void) | undefined;

  pushAll(items: Iterable<T>): void {
    for (const item of items) this.items.push(item);
    this.wake?.();
  }

  /** Yields what is pushed until the work ends. Throws what the work throws. */
  async *follow(work: Promise<unknown>): AsyncGenerator<T> {
    let over = false;
    const ended = work.finally(() => {
      over = true;
      this.wake?.();
    });
    ended.catch(() => undefined);
    for (;;) {
      while (this.items.length > 0) yield this.items.shift() as T;
      if (over) break;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    await ended;
  }
}
