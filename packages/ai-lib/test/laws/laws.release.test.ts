// The laws of every dialect, with many more cases for each.
import { readdirSync } from "node:fs";

process.env["AI_LIB_LAWS_RUNS"] ??= "400";
const folder = new URL("../../src/dialects/", import.meta.url);
for (const id of readdirSync(folder))
  if (id !== "shared") await import(`../../src/dialects/${id}/laws.test.ts`);
