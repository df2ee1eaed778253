import { AiLibError, messageOf } from "./error.js";

/**
 * Code that few calls need, such as that of tools: a bundle for browsers loads it with the first call that needs it.
 *
 * Synchronous code reaches for it with {@link get}. Where it is not loaded yet, `get` throws {@link NotLoaded}; whoever
 * started the synchronous step and can wait loads the code and repeats the step. So no list says which request needs
 * what. A step that may be repeated changes nothing before it reaches for the code.
 *
 * What is used without such a caller has the code at once: it imports the code and calls {@link provide}.
 */
export class OnDemand<T> {
  private code: T | undefined;

  /**
   * @param purpose what the code is for, for the error of a load that fails
   * @param fetch imports the code
   */
  constructor(
    private readonly purpose: string,
    private readonly fetch: () => Promise<T>,
  ) {}

  /** @throws {NotLoaded} if the code was neither provided nor loaded. */
  get(): T {
    if (this.code === undefined) throw new NotLoaded(this);
    return this.code;
  }

  /** Loads the code if it is not there: undefined where it is, so that later calls wait for nothing. */
  ready(): Promise<void> | undefined {
    return this.code === undefined ? this.load() : undefined;
  }

  /** Makes the code available without a load. */
  provide(code: T): void {
    this.code = code;
  }

  /**
   * Loads the code.
   * @throws {AiLibError} `NETWORK_ERROR` where it cannot be loaded; a later call may succeed.
   */
  async load(): Promise<void> {
    try {
      this.code = await this.fetch();
    } catch (cause) {
      throw new AiLibError({
        code: "NETWORK_ERROR",
        message: `The part of ai-lib for ${this.purpose} could not be loaded: ${messageOf(cause)}`,
        local: true,
        cause,
      });
    }
  }
}

/** Thrown by a step that reached for code which is not loaded. */
export class NotLoaded extends Error {
  constructor(private readonly part: Pick<OnDemand<unknown>, "load">) {
    super("This code is loaded on demand: import the `client` of the dialect to have it at once");
  }

  /** Loads the code, after which the step can be repeated. @throws {AiLibError} `NETWORK_ERROR` */
  load(): Promise<void> {
    return this.part.load();
  }
}
