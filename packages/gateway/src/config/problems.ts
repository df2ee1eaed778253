import { AiLibError } from "ai-lib";

/** The place of something in a configuration: names and indexes from the outermost. */
export type Path = readonly (string | number)[];

/** What is wrong at one place. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Collects what is wrong, so that one start reports all of it. */
export class Problems {
  readonly found: Problem[] = [];

  add(path: Path, message: string): void {
    this.found.push({ path, message });
  }

  /** Runs something; a configuration error that it throws is a problem of the place. */
  try<T>(path: Path, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!AiLibError.is(error) || error.code !== "CONFIG_ERROR") throw error;
      this.add(path, error.message);
      return undefined;
    }
  }
}

/** A place as people write it: `routes.chat.failover[1]`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
