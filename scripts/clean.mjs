// Empties dist, so that a file removed from src leaves no ghost in the package.
import { rmSync } from "node:fs";

rmSync(new URL("../packages/ai-lib/dist", import.meta.url), { recursive: true, force: true });
