import { configSchema } from "./config/schema.js";
import type { Io } from "./io.js";

/** Prints the JSON Schema of the file. */
export function printSchema(io: Io): void {
  io.stdout.write(`${JSON.stringify(configSchema(), undefined, 2)}\n`);
}
