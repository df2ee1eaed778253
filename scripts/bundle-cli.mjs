// Bundles a command (the command line, or the gateway) into a few files: one that starts it, one for each subcommand,
// and one for each part that several subcommands share. A subcommand's file is loaded when it runs.
//
// The command line starts for every prompt, and until its request is sent, loading code takes most of the CPU time. Its
// files therefore contain the library and the packages that it always needs, minified. They are CommonJS, which Node
// loads in a third less time than ES modules. The gateway's files contain the packages that every start needs, without
// the parts that it does not use: it starts in half the time and takes 10 MB less. The licences of the packages are
// beside the files. Packages that few commands need stay imports.
// usage: node scripts/bundle-cli.mjs cli|gateway [folder]; node scripts/measure-cli.mjs measures the command line
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { writeAscii } from "./ascii.mjs";

const [, , name, folder] = process.argv;
if (name !== "cli" && name !== "gateway") throw new Error(`Unknown package ${name}; known are: cli, gateway`);
const root = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
const target = folder ?? join(root, "dist");

async function bundleCommandLine() {
  /** The packages that are bundled. Others are optional, or loaded by few commands. */
  const inlined =
    /^(ai-lib|commander|picocolors|eventsource-parser|fast-string-width|fast-string-truncated-width|aws4fetch|@cfworker\/json-schema)(\/|$)/;
  const bundle = await rolldown({
    input: { main: join(root, "src/main.ts") },
    cwd: root,
    platform: "node",
    external: (id) => !/^[./#]/.test(id) && !inlined.test(id),
    resolve: { extensionAlias: { ".js": [".ts"] } },
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.write({
    dir: target,
    format: "cjs",
    minify: true,
    // One folder for all files: version.ts finds package.json one folder above its own file.
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: {
      groups: [
        // Needed by --version and --help.
        {
          name: "start",
          test: /\/src\/(?:terminal|io|version|command-words|exit-codes|arguments\/.*)\.ts$|\/(?:commander|picocolors)\//,
          priority: 2,
        },
        // Needed by a prompt, in one file, with the dialect that most providers speak.
        {
          name: "prompt",
          test: /\/cli\/src\/commands\/ask\.ts$|\/ai-lib\/src\/(?:dialects\/openai-chat\/client\/index|wire\/transport-node)\.ts$/,
          priority: 1,
        },
      ],
    },
  });
  writeAscii(target, output);
  writeFileSync(join(target, "package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(target, "LICENSES.txt"), collectLicences(output));
}

/** The licences of the packages in the files. */
function collectLicences(output) {
  const folders = new Set(
    output
      .flatMap(({ moduleIds = [] }) => moduleIds)
      .flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []),
  );
  const texts = [...folders].sort().map((path) => {
    const { name, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.md", "license", "LICENCE"].find((each) => isFile(join(path, each)));
    return `${name} (${license})\n\n${file === undefined ? "" : readFileSync(join(path, file), "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

function isFile(path) {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** The admin API of the gateway, which is loaded only if it is served. */
const ADMIN = /\/src\/admin\/(?!client\/|(?:environment-)?settings\.ts|auth\/(?:roles|sessions|tokens)\.ts)/;

async function bundleGateway() {
  const inlined = /^(commander|yaml|zod|undici)(\/|$)/;
  const output = await bundleTogether(["main", "command", "embed"], inlined);
  // Alone, with what it uses of the library, so that the threads of a store load nothing else.
  await bundleTogether(["store-worker"], /^ai-lib$/);
  writeFileSync(join(target, "LICENSES.txt"), collectLicences(output));
}

/**
 * Bundles entries of the gateway, and the parts that they share.
 * @param inlined packages that are bundled. Names and lines are not changed, so that the stack of an error is readable.
 */
async function bundleTogether(entries, inlined) {
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `src/${entry}.ts`)])),
    cwd: root,
    platform: "node",
    external: (id) => !/^[./#]/.test(id) && !inlined.test(id),
    resolve: { extensionAlias: { ".js": [".ts"] } },
  });
  const { output } = await bundle.write({
    dir: target,
    format: "esm",
    sourcemap: true,
    comments: false,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: {
      groups: [
        // Needed by --version and --help.
        {
          name: "program",
          test: /\/src\/(?:program|version|young-generation|admin\/client\/add-commands)\.ts$|\/commander\//,
          priority: 3,
        },
        { name: "shared", test: (id) => !ADMIN.test(id), minShareCount: 2, priority: 2 },
        { name: "admin", test: ADMIN, priority: 1 },
      ],
    },
  });
  writeAscii(target, output);
  return output;
}

await (name === "cli" ? bundleCommandLine() : bundleGateway());
