import { AiLibError } from "ai-lib";

/** The place of something in a configuration: names and indexes from the outermost. */
export type Path = readonly (string | number)[];

/** A problem at one place. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Collects problems, so that one start reports all of them. */
export class Problems {
  readonly found: Problem[] = [];

  add(path: Path, message: string): void {
    this.found.push({ path, message });
  }

  /** Runs a function; a configuration error in it is a problem of the place. */
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
