import { spawnSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

/** Chromium as Debian installs it, or the one that `AI_LIB_CHROMIUM` names. */
const executablePath = process.env["AI_LIB_CHROMIUM"] ?? "/usr/bin/chromium";

/** Whether there is a Chromium. */
export const hasChromium = spawnSync(executablePath, ["--version"]).status === 0;

/** Starts a Chromium that talks to this machine alone. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
