import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes the code of a bundle as ASCII alone: V8 keeps and reads such text in half the space. For code without a
 * template that is read raw.
 */
export function writeAscii(folder, output) {
  for (const { fileName, type } of output) {
    if (type !== "chunk") continue;
    const path = join(folder, fileName);
    const code = readFileSync(path, "utf8");
    const escaped = code.replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    if (escaped !== code) writeFileSync(path, escaped);
  }
}
