import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * Tests, examples and docs import "ai-lib" as a user does; here the package's own `exports` and `imports`
 * are answered from `src`, so that no build is needed first and the two can never name different files.
 */
const manifest: {
  name: string;
  imports: Record<string, { node: string }>;
  exports: Record<string, { types: string } | string>;
} = JSON.parse(readFileSync(new URL("./packages/ai-lib/package.json", import.meta.url), "utf8"));

function source(built: string): string {
  const path = built.replace("./dist/", "./packages/ai-lib/src/").replace(/\.(d\.ts|js)$/, ".ts");
  return fileURLToPath(new URL(path, import.meta.url));
}

function alias(specifier: string, built: string) {
  const pattern = specifier.replace(/[.#/]/g, "\\$&").replace("*", "(.+)");
  return { find: new RegExp(`^${pattern}$`), replacement: source(built).replace("*", "$1") };
}

const own = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === "string" ? [] : [alias(manifest.name + path.slice(1), target.types)],
);
const internal = Object.entries(manifest.imports).map(([path, target]) => alias(path, target.node));

/** All tests of the packages that a lane may hold. */
const tests = ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts"];
const real = ["packages/*/src/**/*.real.test.ts", "packages/*/test/**/*.real.test.ts"];
const seed = "packages/ai-lib/test/support/fixed-seed.ts";
const release = ["packages/*/src/**/*.release.test.ts", "packages/*/test/**/*.release.test.ts"];

/**
 * Three lanes, and the name of a file tells which is its own: `*.test.ts` runs with every change, `*.real.test.ts`
 * opens sockets or starts programs, `*.release.test.ts` takes long.
 */
export default defineConfig({
  resolve: { alias: [...own, ...internal] },
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    // Processes and browsers start slowly on a busy machine, and what is polled for may come late there.
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 20 } },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: tests,
          exclude: [...real, ...release],
          // One module graph for all files: loading it anew for each takes twice as long as the tests.
          isolate: false,
          setupFiles: [seed, "packages/ai-lib/test/support/no-sockets.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: real,
          setupFiles: [seed],
          globalSetup: ["packages/ai-lib/test/support/packed-setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "release",
          include: release,
          setupFiles: [seed],
          globalSetup: ["packages/ai-lib/test/support/packed-setup.ts"],
          maxConcurrency: 2,
        },
      },
    ],
  },
});
