import { AiLibError, messageOf } from "./error.js";

/**
 * Code that few calls need, such as that of tools: a bundle for browsers loads it with the first call that needs it.
 *
 * Synchronous code gets it with {@link get}, which throws {@link NotLoaded} while the code is not loaded. The caller that
 * can wait loads the code and repeats the step, so no list has to say which request needs which code. A step that may be
 * repeated must not change anything before it calls `get`.
 *
 * Code that has no such caller imports the code itself and calls {@link provide}.
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

  /** The code; undefined if it was neither provided nor loaded. */
  get loaded(): T | undefined {
    return this.code;
  }

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
    super("This code is loaded on demand. Import the `client` of the dialect, which contains it");
  }

  /** Loads the code, after which the step can be repeated. @throws {AiLibError} `NETWORK_ERROR` */
  load(): Promise<void> {
    return this.part.load();
  }
}
