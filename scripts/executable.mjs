// tsc writes plain files; whatever package.json names as a command must carry the executable bit.
import { chmodSync, existsSync, readFileSync } from "node:fs";

const root = new URL("../packages/ai-lib/", import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

for (const path of Object.values(bin)) {
  const file = new URL(path, root);
  if (existsSync(file)) chmodSync(file, 0o755);
}
