import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../src/program.js";

/** A command that runs within this process. */
export class Command {
  out = "";
  error = "";
  private readonly abort = new AbortController();
  readonly code: Promise<number>;

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const sink = (take: (text: string) => void) =>
      new Writable({
        write(chunk, _encoding, done) {
          take(String(chunk));
          done();
        },
      });
    this.code = run(
      {
        stdout: sink((text) => (this.out += text)),
        stderr: sink((text) => (this.error += text)),
        environment,
        signal: this.abort.signal,
      },
      args,
    );
  }

  stop(): void {
    this.abort.abort();
  }

  /** Waits for something in what it printed. */
  async until(pattern: RegExp, where: "out" | "error" = "out"): Promise<RegExpExecArray> {
    for (let i = 0; i < 500; i++) {
      const found = pattern.exec(this[where]);
      if (found !== null) return found;
      await sleep(20);
    }
    throw new Error(`${pattern} is not in ${where}: ${this.out}${this.error}`);
  }

  async url(): Promise<string> {
    return (await this.until(/listens on (http:\S+)/))[1] ?? "";
  }
}
