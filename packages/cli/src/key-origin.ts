import type { Io } from "./io.js";
import { locateKeys } from "./keys-file.js";

/** Says where the key in a variable comes from: `GROQ_API_KEY from the environment`, or from the keys file. */
export function describeKey({ environment }: Pick<Io, "environment">, variable: string): string {
  const origin = (environment[variable] ?? "").trim() === "" ? locateKeys(environment) : "the environment";
  return `${variable} from ${origin}`;
}
