import { type Clock, systemClock } from "ai-lib";

/** Milliseconds between two lines about one hook. */
const PAUSE_MS = 60_000;

/** Why a hook failed, in words of the gateway. */
export class HookFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "HookFailure";
  }
}

/** Reports the failures of one hook to the operator: the first one at once, then at most one a minute. */
export class FailureReport {
  private count = 0;
  private nextAt = 0;

  /** @param name the hook, for people; without credentials */
  constructor(
    private readonly name: string,
    private readonly report: (line: string) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  note(error: unknown): void {
    this.count++;
    const now = this.clock.now();
    if (now < this.nextAt) return;
    const times = this.count === 1 ? "" : ` ${this.count} times`;
    this.report(`${this.name} failed${times}: ${reasonOf(error)}`);
    this.count = 0;
    this.nextAt = now + PAUSE_MS;
  }
}

/** The reason without the message of other code, which may quote a request: the name, the code and the place. */
function reasonOf(error: unknown): string {
  if (error instanceof HookFailure) return error.message;
  const { name = "Error", cause, stack } = (error ?? {}) as Partial<Error>;
  const { code } = (cause ?? error ?? {}) as { readonly code?: unknown };
  const place = stack?.split("\n").find((line) => /^\s+at .*file:/.test(line));
  return [
    name,
    ...(typeof code === "string" ? [code] : []),
    ...(place === undefined ? [] : [place.trim()]),
  ].join(" ");
}
