import { openApiDocument } from "./admin/openapi.js";
import { ROUTES } from "./admin/table.js";
import type { Io } from "./io.js";
import { readVersion } from "./version.js";

/** Prints the OpenAPI document of the admin API. */
export function printOpenApi(io: Io): void {
  io.stdout.write(`${JSON.stringify(openApiDocument(ROUTES, readVersion()), undefined, 2)}\n`);
}
