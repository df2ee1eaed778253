// Bundles one program with each bundler, from the packed tarball and without optional peers. It must build without a
// warning about a missing package, run, and answer. The sizes in docs/neighbours.md are checked with the same bundles.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { installPacked } from "../packed.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** A program that needs no network: it brings its own `fetch`. */
const PROGRAM = `
import { AiClient, defineProvider } from "ai-lib";
import { fetchTransport } from "ai-lib/transport-fetch";
const data = { id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example/v1", model: "m", auth: { style: "none" } };
globalThis.fetch = async () => Response.json({ choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }] });
export const run = async () => (await new AiClient(defineProvider(data, { environment: {}, transport: fetchTransport() })).chat("Hi")).text;
`;
const LEAN = `
import { chat } from "ai-lib/dialects/openai-chat/chat";
import { endpoint } from "ai-lib/endpoint";
import { fetchTransport } from "ai-lib/transport-fetch";
const data = { id: "labs", baseUrl: "https://labs.example/v1", model: "m", auth: { style: "none" } };
const choice = (fields) => ({ id: "a", choices: [{ index: 0, finish_reason: "stop", ...fields }], usage: { prompt_tokens: 1, completion_tokens: 1 } });
const events = (...chunks) => new Response(chunks.map((chunk) => "data: " + chunk + "\\n\\n").join(""), { headers: { "content-type": "text/event-stream" } });
globalThis.fetch = async (_, { body }) =>
  JSON.parse(body).stream === true
    ? events(JSON.stringify(choice({ delta: { content: "Hello" } })), "[DONE]")
    : Response.json(choice({ message: { role: "assistant", content: "Hello" } }));
const messages = [{ role: "system", content: "Be brief" }, { role: "user", content: "Hi" }, { role: "assistant", content: "Hello" }, { role: "user", content: "Hi" }];
const labs = endpoint(chat, data, { environment: {}, transport: fetchTransport() });
export const run = async () => (await labs.chat({ messages, temperature: 0 })).text;
export const stream = async () => {
  let text = "";
  for await (const piece of labs.stream({ messages, maxTokens: 9 }).text) text += piece;
  return text;
};
`;
const DEFINE = `
import { defineProvider } from "ai-lib";
const data = { id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example/v1", model: "m", auth: { style: "none" } };
globalThis.fetch = async () => Response.json({ choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }] });
export const run = async () => (await defineProvider(data, { environment: {} }).chat({ messages: [{ role: "user", content: "Hi" }] })).text;
`;

/** The most KB that a program with one chat may have, minified and gzipped: what is loaded at once, and in one file. */
const LIMITS = {
  lean: { split: 45, whole: 119 },
  define: { split: 44, whole: 236 },
  app: { split: 97, whole: 291 },
};

let app;
before(() => {
  app = installPacked();
  writeFileSync(join(app, "app.js"), PROGRAM);
  writeFileSync(join(app, "lean.js"), LEAN);
  writeFileSync(join(app, "define.js"), DEFINE);
  writeFileSync(join(app, "index.html"), '<script type="module" src="/app.js"></script>');
});
after(() => rmSync(app, { recursive: true, force: true }));

async function answers(file, exported = "run") {
  const program = await import(`${pathToFileURL(file).href}?${Math.random()}`);
  assert.equal(await program[exported](), "Hello");
}

/** The gzipped size of files, in KB of 1,024 bytes. */
function size(files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0) / 1_024;
}

const scripts = (folder) =>
  readdirSync(folder)
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => join(folder, name));

describe("the packed package goes through", () => {
  it("esbuild, for Node and for a browser", async () => {
    const { build } = await import("esbuild");
    for (const platform of ["node", "browser"]) {
      const outdir = join(app, `esbuild-${platform}`);
      const { warnings } = await build({
        absWorkingDir: app,
        entryPoints: ["app.js"],
        bundle: true,
        format: "esm",
        platform,
        outdir,
        logLevel: "silent",
        splitting: true,
      });
      assert.deepEqual(warnings, []);
      await answers(join(outdir, "app.js"));
    }
  });

  it("Rollup", async () => {
    const { rollup } = await import("rollup");
    const { default: resolve } = await import("@rollup/plugin-node-resolve");
    const logs = [];
    const bundle = await rollup({
      input: join(app, "app.js"),
      plugins: [resolve({ browser: true })],
      onLog: (_, log) => logs.push(log),
    });
    await bundle.write({ dir: join(app, "rollup"), format: "esm" });
    assert.deepEqual(
      logs
        .filter(({ code }) => code !== "UNRESOLVED_IMPORT" && code !== "CIRCULAR_DEPENDENCY")
        .map(({ message }) => message),
      [],
    );
    await answers(join(app, "rollup/app.js"));
  });

  it("Rolldown", async () => {
    const { rolldown } = await import("rolldown");
    const bundle = await rolldown({ input: join(app, "app.js"), cwd: app, platform: "browser", onLog() {} });
    await bundle.write({ dir: join(app, "rolldown"), format: "esm" });
    await answers(join(app, "rolldown/app.js"));
  });

  it("webpack", async () => {
    const { default: webpack } = await import("webpack");
    const stats = await new Promise((done, fail) =>
      webpack(
        {
          context: app,
          mode: "production",
          target: ["web", "es2022"],
          entry: "./app.js",
          experiments: { outputModule: true },
          output: {
            path: join(app, "webpack"),
            module: true,
            library: { type: "module" },
            chunkFormat: "module",
            filename: "app.mjs",
          },
        },
        (error, result) => (error ? fail(error) : done(result)),
      ),
    );
    assert.deepEqual(stats.compilation.errors.map(String), []);
    await answers(join(app, "webpack/app.mjs"));
  });

  it("Vite: a build", async () => {
    const { build } = await import("vite");
    await build({
      root: app,
      logLevel: "error",
      build: {
        outDir: join(app, "vite"),
        lib: { entry: "app.js", formats: ["es"], fileName: "app" },
        minify: false,
      },
    });
    await answers(scripts(join(app, "vite")).find((file) => /app\.m?js$/.test(file)));
  });

  it("Vite: the development server serves the library and all that it imports", async () => {
    const { createServer } = await import("vite");
    const errors = [];
    const server = await createServer({
      root: app,
      logLevel: "silent",
      server: { middlewareMode: true },
      customLogger: {
        info() {},
        warn() {},
        warnOnce() {},
        error: (text) => errors.push(text),
        clearScreen() {},
        hasErrorLogged: () => false,
        hasWarned: false,
      },
    });
    try {
      const loaded = await server.environments.client.transformRequest("/app.js");
      assert.match(loaded.code, /ai-lib/);
      await server.environments.client.waitForRequestsIdle();
      const { run } = await server.ssrLoadModule("/app.js");
      assert.equal(await run(), "Hello");
      assert.deepEqual(errors, []);
    } finally {
      await server.close();
    }
  });

  it("esbuild, with a program of one chat that is not larger than its limits", async () => {
    const { build } = await import("esbuild");
    const sizes = {};
    for (const name of Object.keys(LIMITS))
      for (const splitting of [false, true]) {
        const outdir = join(app, `size-${name}-${splitting}`);
        const { metafile } = await build({
          absWorkingDir: app,
          entryPoints: [`${name}.js`],
          bundle: true,
          minify: true,
          splitting,
          format: "esm",
          platform: "browser",
          conditions: ["browser"],
          outdir,
          metafile: true,
          logLevel: "silent",
        });
        const atOnce = new Set();
        const load = (path) => {
          if (atOnce.has(path) || metafile.outputs[path] === undefined) return;
          atOnce.add(path);
          for (const { path: next, kind } of metafile.outputs[path].imports)
            if (kind !== "dynamic-import") load(next);
        };
        load(Object.keys(metafile.outputs).find((path) => path.endsWith(`/${name}.js`)));
        const kb = size([...atOnce].map((path) => join(app, path)));
        const later = Object.keys(metafile.outputs).filter((path) => !atOnce.has(path));
        // A whole chat of texts through the lean entry needs only what is loaded at first; a stream loads more.
        if (name === "lean") {
          const hide = (path) => renameSync(join(app, path), join(app, `${path}.hidden`));
          const show = (path) => renameSync(join(app, `${path}.hidden`), join(app, path));
          later.forEach(hide);
          await answers(join(outdir, "lean.js"));
          later.forEach(show);
          await answers(join(outdir, "lean.js"), "stream");
        } else await answers(join(outdir, `${name}.js`));
        sizes[`${name}, ${splitting ? "split" : "whole"}`] = [
          kb,
          LIMITS[name][splitting ? "split" : "whole"],
        ];
      }
    for (const [name, [kb, limit]] of Object.entries(sizes))
      console.log(`${name}: ${kb.toFixed(1)} KB, at most ${limit}`);
    for (const [name, [kb, limit]] of Object.entries(sizes))
      assert.ok(kb <= limit, `${name}: ${kb.toFixed(1)} KB, which is more than ${limit}`);
  });
});

describe("TypeScript", () => {
  for (const moduleResolution of ["bundler", "node16", "nodenext"])
    it(`finds the types with moduleResolution ${moduleResolution}`, () => {
      const folder = join(app, `types-${moduleResolution}`);
      mkdirSync(folder);
      writeFileSync(
        join(folder, "a.ts"),
        `import { AiClient, provider } from "ai-lib";
import { endpoint } from "ai-lib/endpoint";
import { aiFetch } from "ai-lib/fetch";
import { aiSdk } from "ai-lib/ai-sdk";
import { agentModels } from "ai-lib/agents";
import { client } from "ai-lib/dialects/gemini/client";
export const answer: Promise<string> = new AiClient(provider("groq")).chat("Hi").then(({ text }) => text);
export const all = [aiFetch, aiSdk, agentModels, endpoint(client, { id: "a", baseUrl: "https://a.example" })];
`,
      );
      const module = moduleResolution === "bundler" ? "esnext" : moduleResolution;
      symlinkSync(join(app, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      const compilerOptions = {
        noEmit: true,
        strict: true,
        target: "es2022",
        lib: ["es2023", "dom"],
        types: [],
        module,
        moduleResolution,
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["a.ts"] }));
      execFileSync(join(here, "node_modules/.bin/tsc"), [], { cwd: folder, stdio: "inherit" });
    });

  for (const moduleResolution of ["node16", "nodenext"])
    it(`finds the types from a CommonJS file with moduleResolution ${moduleResolution}, and what it writes runs`, () => {
      const folder = join(app, `common-${moduleResolution}`);
      mkdirSync(folder);
      writeFileSync(
        join(folder, "a.cts"),
        `import { AiClient, defineChatProvider, type ChatResponse } from "ai-lib";
import { aiFetch } from "ai-lib/fetch";
export const fetch = aiFetch(defineChatProvider({ name: "a", chat: () => "Hello" }));
new AiClient(defineChatProvider({ name: "a", chat: () => "Hello" }))
  .chat("Hi")
  .then((answer: ChatResponse) => console.log(answer.text));
`,
      );
      symlinkSync(join(app, "node_modules"), join(folder, "node_modules"));
      const compilerOptions = {
        strict: true,
        target: "es2022",
        lib: ["es2023", "dom"],
        types: [],
        module: moduleResolution,
        moduleResolution,
      };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["a.cts"] }));
      execFileSync(join(here, "node_modules/.bin/tsc"), [], { cwd: folder, stdio: "inherit" });
      const printed = execFileSync(process.execPath, ["a.cjs"], { cwd: folder, encoding: "utf8" });
      assert.equal(printed, "Hello\n");
    });
});
