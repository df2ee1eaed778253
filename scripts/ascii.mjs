import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes the code of a bundle with only ASCII characters, which V8 reads and stores in half the space. The code must
 * contain no template whose raw text is read.
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
