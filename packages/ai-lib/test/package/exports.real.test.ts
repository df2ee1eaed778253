import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute, type Installed, install, packed, specifiers, tsc } from "../support/packed.js";

let installed: Installed;
let every: string[];

beforeAll(async () => {
  installed = await install("ai-lib");
  every = specifiers(installed);
}, 120_000);
afterAll(() => installed.remove());

describe("the packed package", () => {
  it("holds what runs and no tests", () => {
    expect(installed.files).toEqual(
      expect.arrayContaining(["package.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "dist/index.js"]),
    );
    expect(installed.files.filter((file) => /\.test\.|^src\/|^test\//.test(file))).toEqual([]);
  });

  it("is small: fewer than 4 MB, less than 1 MB packed, and three dependencies without dependencies of their own", async () => {
    const sizes = await Promise.all(
      installed.files.map(async (file) => (await stat(join(installed.package, file))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4_000_000);
    expect((await stat(installed.tarball)).size).toBeLessThan(1_000_000);
    const { dependencies } = JSON.parse(await readFile(join(installed.package, "package.json"), "utf8"));
    expect(Object.keys(dependencies)).toEqual(["@cfworker/json-schema", "aws4fetch", "eventsource-parser"]);
    for (const name of Object.keys(dependencies)) {
      const manifest = new URL(`../../../../node_modules/${name}/package.json`, import.meta.url);
      expect(JSON.parse(await readFile(manifest, "utf8")).dependencies ?? {}).toEqual({});
    }
  });

  it("has declarations of what it exports alone: one file for each entry, and chunks, without what is internal", async () => {
    const declarations = installed.files.filter((file) => /\.d\.c?ts$/.test(file));
    const entries = declarations.filter((file) => !file.startsWith("dist/chunks/"));
    for (const file of entries)
      expect(installed.files).toContain(file.replace(/(?:(?<=client|server)\/index)?\.d\.(c?)ts$/, ".$1js"));
    const texts = await Promise.all(
      declarations.map((file) => readFile(join(installed.package, file), "utf8")),
    );
    const all = texts.join("\n");
    expect(all).not.toContain("@internal");
    expect(all).not.toMatch(/\breasonToSkip\(_entry/);
    expect(all.replaceAll('"@langchain/core/', '"')).not.toMatch(
      /from "[^"]*\/(core|strategies|resilience)\/(?!kinds\/)/,
    );
    expect(Buffer.byteLength(all)).toBeLessThan(800_000);
  });

  it("exports from its root every type that the root's signatures name, but for bases that users do not need", async () => {
    const { namedTypes } = await import(
      new URL("../../../../scripts/types/named-types.mjs", import.meta.url).href
    );
    const found: Map<string, string[]> = namedTypes(join(installed.package, "dist"), "index.d.cts");
    const known = [
      // The classes of strategies are types; this is what they inherit.
      ...["Strategy", "Entry", "Plan", "COUNTED", "Printable"],
      // What calls of one process share among the library's own layers.
      ...["Work", "LastResort", "Alternatives", "Wait"],
      // Unions that are written out in hovers.
      ...[
        "Observed",
        "CircuitState",
        "Validated",
        "noQuirk",
        "Names",
        "ProviderToolForm",
        "OmittableField",
        "OmittableField$1",
        "StrictSchemas",
        "ToolEventBase",
        "KIND_APIS",
        "FILE_APIS",
      ],
      // Those of ai-lib/batches, and what a store of one's own is made of.
      ...["BatchService", "BatchStore", "ResultOf", "BATCH_APIS", "FILE_APIS"],
      // Those of ai-lib/jobs, and what they are made of.
      ...[
        "JobCodec",
        "JobService",
        "JobStep",
        "Job",
        "JobReport",
        "JobState",
        "JobHandle",
        "JobSource",
        "BackgroundCodec",
        "TextFrames",
      ],
      // What the context of a call carries between the library's own layers.
      ...["ResolvedMediaFetch", "OriginalRequest", "Loaders", "BeforeAttempt"],
    ];
    expect([...found].filter(([name]) => !known.includes(name))).toEqual([]);
  });

  it("is imported by every subpath that it exports", async () => {
    expect(every.length).toBeGreaterThan(Object.keys(installed.manifest.exports).length);
    const program = `
      const found = {};
      for (const name of ${JSON.stringify(every)})
        found[name] = await import(name).then((module) => Object.keys(module).length, (error) => error.message);
      console.log(JSON.stringify(found));`;
    await writeFile(join(installed.folder, "every.mjs"), program);
    const { stdout } = await execute(process.execPath, ["every.mjs"], { cwd: installed.folder });
    const found = JSON.parse(stdout) as Record<string, number | string>;
    expect(Object.entries(found).filter(([, exports]) => typeof exports === "string")).toEqual([]);
    for (const subpath of Object.keys(installed.manifest.exports).filter((name) => !/[*]|json$/.test(name)))
      expect(found[`ai-lib${subpath.slice(1)}`], subpath).toBeGreaterThan(0);
  });

  it("is not imported by what it does not export", async () => {
    const inner = "ai-lib/core/json.js";
    await writeFile(join(installed.folder, "inner.mjs"), `import ${JSON.stringify(inner)};`);
    await expect(execute(process.execPath, ["inner.mjs"], { cwd: installed.folder })).rejects.toMatchObject({
      stderr: expect.stringContaining("ERR_PACKAGE_PATH_NOT_EXPORTED"),
    });
  });

  it("answers by what its root alone exports", async () => {
    const program = `
      const { AiClientBuilder, defineChatProvider } = await import("ai-lib");
      const echo = defineChatProvider({ name: "echo", chat: () => "hello" });
      console.log((await echo.chat({ messages: [{ role: "user", content: "x" }] })).text, typeof AiClientBuilder);`;
    await writeFile(join(installed.folder, "root.mjs"), program);
    const { stdout } = await execute(process.execPath, ["root.mjs"], { cwd: installed.folder });
    expect(stdout.trim()).toBe("hello function");
  });

  it("reads JSON files of providers without the package yaml, and says how to install it for YAML", async () => {
    const { folder } = installed;
    await writeFile(
      join(folder, "labs.json"),
      '{ "labs": { "dialect": "openai-chat", "baseUrl": "http://a/v1" } }',
    );
    await writeFile(join(folder, "labs.yaml"), "labs:\n  dialect: openai-chat\n  baseUrl: http://a/v1\n");
    const program = `
      const { readProviders } = await import("ai-lib/providers");
      const read = (path) => readProviders(path).then(([{ id }]) => id, (error) => error.message);
      console.log(JSON.stringify([await read("labs.json"), await read("labs.yaml")]));`;
    await writeFile(join(folder, "labs.mjs"), program);
    const run = async () =>
      JSON.parse((await execute(process.execPath, ["labs.mjs"], { cwd: folder })).stdout);
    expect(await run()).toEqual(["labs", "labs"]);
    const yaml = join(folder, "node_modules/yaml");
    await rename(yaml, `${yaml}-away`);
    try {
      expect(await run()).toEqual([
        "labs",
        "labs.yaml is not JSON. To read YAML, install the package yaml: npm install yaml",
      ]);
    } finally {
      await rename(`${yaml}-away`, yaml);
    }
  });

  it("has a command that names the package of the command line", async () => {
    const bins = Object.entries(installed.manifest.bin);
    expect(bins.map(([name]) => name)).toEqual(["ai-lib-help"]);
    for (const [, path] of bins)
      await expect(execute(join(installed.package, path), [])).rejects.toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining("npm install --global ai-lib-cli"),
      });
  });

  it("has conformance cases that Node's own test runner runs", async () => {
    const program = `
      import { describe, test, after } from "node:test";
      import { defineProvider } from "ai-lib";
      import { conformance, conformingAnswer, startSimulator } from "ai-lib/testing";
      const simulator = await startSimulator({ answer: conformingAnswer });
      after(() => simulator.close());
      const labs = defineProvider(
        { id: "labs", dialect: "openai-chat", baseUrl: simulator.baseUrl("labs"), model: "m" },
        { apiKey: "k" },
      );
      describe("labs", () => {
        for (const { group, name, run, declared } of conformance(labs, { capabilities: { tools: true } }))
          test(group + ": " + name, { skip: !declared }, run);
      });`;
    await writeFile(join(installed.folder, "labs.test.mjs"), program);
    const { stdout } = await execute(process.execPath, ["--test", "--test-reporter=tap", "labs.test.mjs"], {
      cwd: installed.folder,
      // The runner of this test tells its children that they are its own.
      env: { ...process.env, NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined },
    });
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(30);
    expect(Number(/^# skipped (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(5);
  });

  it.each([
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["bundler", "preserve"],
  ])("has types that resolve and hold under the module resolution %s", async (moduleResolution, module) => {
    const { folder } = installed;
    // LangChain's own declarations do not hold under exactOptionalPropertyTypes.
    const names = every.filter((name) => name !== "ai-lib/langchain");
    const lines = names.map((name, i) => `import * as m${i} from ${JSON.stringify(name)};`);
    const use = `
      import { AiClientBuilder, type ChatProvider, type ChatResponse } from "ai-lib";
      import { type ConformanceReport, runConformance } from "ai-lib/testing";
      export const used = [${names.map((_, i) => `m${i}`).join(", ")}];
      export const report = (provider: ChatProvider): Promise<ConformanceReport> => runConformance(provider);
      export const text = (response: ChatResponse): string => response.text;
      import type { AnswerFacts, Call, KindLaws } from "ai-lib/kit";
      import { provider as fromProviders } from "ai-lib/providers";
      // One class by whichever subpath it comes.
      export const same: ReturnType<typeof import("ai-lib").provider> = fromProviders("groq");
      interface SortResponse extends AnswerFacts { readonly sorted: readonly string[] }
      declare module "ai-lib/kit" {
        interface Kinds { sort: { request: { model?: string; words: string[] }; response: SortResponse; event: never } }
      }
      export const laws = (one: KindLaws<"sort">): Promise<SortResponse> => new AiClientBuilder("groq").build().call(one, { words: ["b"] });
      export const words = (call: Call): number => (call.kind === "sort" ? call.request.words.length : 0);
      // @ts-expect-error the types are there, and are no any
      export const wrong: number = new AiClientBuilder();`;
    await writeFile(join(folder, "consumer.mts"), [...lines, use].join("\n"));
    const compilerOptions = {
      module,
      moduleResolution,
      target: "es2022",
      lib: ["es2023"],
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
    };
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["consumer.mts"] }),
    );
    const { stdout } = await execute(process.execPath, [tsc, "-p", folder], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe("");
    const langchain = {
      compilerOptions: { ...compilerOptions, skipLibCheck: true, exactOptionalPropertyTypes: false },
    };
    await writeFile(
      join(folder, "langchain.mts"),
      `import { ChatAiLib } from "ai-lib/langchain";
      import { scripted } from "ai-lib/testing";
      export const text: Promise<string> = new ChatAiLib({ provider: scripted({ name: "a" }) }).invoke("Hi").then((answer) => answer.text);`,
    );
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ ...langchain, files: ["langchain.mts"] }),
    );
    const other = await execute(process.execPath, [tsc, "-p", folder], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    expect(other.stdout).toBe("");
  });
});

describe("CommonJS", () => {
  const program = `
    import { AiClient, AiLibError, defineChatProvider, failover, type ChatResponse } from "ai-lib";
    import { endpoint } from "ai-lib/endpoint";
    import { scripted } from "ai-lib/testing";
    import { client } from "ai-lib/dialects/gemini/client";
    import { provider } from "ai-lib/providers";
    import type { AnswerFacts } from "ai-lib/kit";
    interface SortResponse extends AnswerFacts { readonly sorted: readonly string[] }
    declare module "ai-lib/kit" {
      interface Kinds { sort: { request: { model?: string; words: string[] }; response: SortResponse; event: never } }
    }
    const echo = defineChatProvider({ name: "echo", chat: () => "Hello" });
    export const same: () => ReturnType<typeof import("ai-lib").provider> = () => provider("groq");
    export const lean = endpoint(client, { id: "a", baseUrl: "https://a.example", auth: { style: "none" } });
    // @ts-expect-error the types are there, and are no any
    export const wrong: number = new AiClient(echo);
    void (async () => {
      const answer: ChatResponse = await new AiClient(failover([scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "busy" } }] }), echo])).chat("Hi");
      const modules = await import("ai-lib");
      console.log(answer.text, modules.AiLibError === AiLibError);
    })();`;

  it.each(["node16", "nodenext"])(
    "has types by moduleResolution %s, and is the ES module when it runs",
    async (moduleResolution) => {
      const { folder } = installed;
      await writeFile(join(folder, "common.cts"), program);
      const compilerOptions = {
        module: moduleResolution,
        moduleResolution,
        target: "es2022",
        lib: ["es2023"],
        types: ["node"],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
      };
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: ["common.cts"] }),
      );
      const { stdout } = await execute(process.execPath, [tsc, "-p", folder], { cwd: folder }).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe("");
      const ran = await execute(process.execPath, ["common.cjs"], { cwd: folder });
      expect(ran.stdout).toBe("Hello true\n");
      expect(ran.stderr).toBe("");
    },
  );
});

describe("a package as it is published", () => {
  it.each(["ai-lib", "ai-lib-cli"] as const)("%s has no fault that publint finds", async (name) => {
    const { tarball } = (await packed())[name];
    const { buffer } = await readFile(tarball);
    const { messages } = await publint({ pack: { tarball: buffer as ArrayBuffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it("has types that resolve for import, for require() and for bundlers", async () => {
    const manifest = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
    const attw = join(dirname(manifest), "dist/index.js");
    const { tarball } = (await packed())["ai-lib"];
    const args = [attw, tarball, "--profile", "node16", "--format", "ascii", "--no-color"];
    const found = await execute(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    expect(found).toBe("");
  }, 60_000);
});
