import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { forbiddenImports, importsBetweenHalves, isBuiltin, unusedAllowances } from "./allowed-imports.js";
import { cycles, loadedWith } from "./graph.js";
import { requiredPeers } from "./optional-peers.js";
import { wrongPackageImports } from "./package-imports.js";
import { providerBranches, providerIds } from "./provider-branches.js";
import { skips } from "./skips.js";
import { isTest, readSources, type Source } from "./source.js";

interface Manifest {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

function manifest(path: string): Manifest {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

const src = readSources("src").filter((source) => !isTest(source));
/** All code of the repository: of every package with its tests, and beside the packages. */
const everything = [
  ...readdirSync(new URL("../../../", import.meta.url))
    .map((name) => (name === "ai-lib" ? "" : `../${name}/`))
    .flatMap((home) => [...readSources(`${home}src`), ...readSources(`${home}test`)]),
  ...["scripts", "examples", "bench"].flatMap((folder) => readSources(`../../${folder}`, [".mjs", ".ts"])),
];

function file(path: string, text: string): Source {
  return { path, text };
}

describe("the library", () => {
  it("has files to look at", () => expect(src.length).toBeGreaterThan(0));
  it("has no import that its folders do not allow", () => expect(forbiddenImports(src)).toEqual([]));
  it("has no half of a dialect that imports another half", () =>
    expect(importsBetweenHalves(src)).toEqual([]));
  it("allows nothing that no file uses", () => expect(unusedAllowances(src)).toEqual([]));
  it("has no import cycle, of types neither", () => {
    // These are about to be opened.
    const known = /^src\/testing\//;
    expect(cycles(everything).filter((ring) => !known.test(ring))).toEqual([]);
  });
  it("branches on a provider id in the factory alone", () => {
    expect(providerBranches(src, providerIds(src))).toEqual([]);
  });
  it("loads no package with the root export, and no builtin where fetch carries it", () => {
    const onNode = loadedWith("src/index.ts", src).filter((name) => !isBuiltin(name));
    expect(onNode).toEqual([]);
    const elsewhere = loadedWith("src/index.ts", src, {
      "src/wire/transport-node.ts": "src/wire/transport-fetch.ts",
    });
    expect(elsewhere.filter(isBuiltin)).toEqual([]);
  });
  it("loads no builtin with the servers, which run on the edge too", () => {
    expect(loadedWith("src/serve/index.ts", src).filter(isBuiltin)).toEqual([]);
  });
});

describe("an optional peer", () => {
  /** These subpaths are of no use without their peer, so whoever imports one has it. */
  const needTheirPeer = ["src/observe/otel"];
  const found = (text: string) => requiredPeers([file("src/client/a.ts", text)], ["yaml"]);

  it("is imported within try alone, so that a bundler that lacks it goes on", () => {
    const peers = Object.keys(manifest("../../package.json").peerDependencies);
    const others = src.filter(({ path }) => !needTheirPeer.some((start) => path.startsWith(start)));
    expect(requiredPeers(others, peers)).toEqual([]);
  });
  it.each([
    'import { parse } from "yaml";',
    'export * from "yaml";',
    'const a = await import("yaml");',
    'try { f(); } catch { void import("yaml"); }',
  ])("is found: %s", (text) => expect(found(text)).toHaveLength(1));
  it.each([
    'import type { Document } from "yaml";',
    'try { await import("yaml"); } catch {}',
    'import { z } from "zod";',
  ])("is none: %s", (text) => expect(found(text)).toEqual([]));
});

/** The packages that a package may import: those it depends on, and its optional peers. */
function needed(path: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest(path);
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

describe("the gateway", () => {
  const gateway = readSources("../gateway/src").filter(({ path }) => !path.endsWith(".test.ts"));
  const rules = {
    folder: "../gateway/src",
    dependencies: needed("../../../gateway/package.json"),
    librarySubpaths: Object.keys(manifest("../../package.json").exports),
  };

  it("has files to look at", () => expect(gateway.length).toBeGreaterThan(0));
  it("imports its own files, builtins, its dependencies and what the library exports", () => {
    // Modules of the operator's, such as hooks, and the package that stands in for node:sqlite on Node 20.
    const own = ["import-file.ts", "store/sql/sqlite.ts"].map(
      (file) => `../gateway/src/${file}: import() of a computed path`,
    );
    expect(wrongPackageImports(gateway, rules).filter((line) => !own.includes(line))).toEqual([]);
  });
  it("branches on no provider id", () => expect(providerBranches(gateway, providerIds(src))).toEqual([]));
});

describe("the command line", () => {
  const cli = readSources("../cli/src").filter(({ path }) => !path.endsWith(".test.ts"));
  const rules = {
    folder: "../cli/src",
    dependencies: needed("../../../cli/package.json"),
    librarySubpaths: Object.keys(manifest("../../package.json").exports),
  };
  const wrong = (text: string) => wrongPackageImports([file("../cli/src/commands/a.ts", text)], rules);

  it("has files to look at", () => expect(cli.length).toBeGreaterThan(0));
  it("imports its own files, builtins, its dependencies and what the library exports", () => {
    // Modules of the user's, and the package that stands in for node:sqlite on Node 20.
    const own = ["tools/module.ts", "database.ts"].map(
      (file) => `../cli/src/${file}: import() of a computed path`,
    );
    expect(wrongPackageImports(cli, rules).filter((line) => !own.includes(line))).toEqual([]);
  });
  it("branches on no provider id", () => expect(providerBranches(cli, providerIds(src))).toEqual([]));

  it.each([
    ["the library's source", 'import { x } from "../../../ai-lib/src/core/x.js";'],
    ["a subpath that the library does not export", 'import { x } from "ai-lib/core/errors/error";'],
    ["the library's internal names", 'import { x } from "#transport";'],
    ["a package that it does not depend on", 'import openai from "openai";'],
    ["a dependency of the library's", 'const { fileTypeFromBuffer } = await import("file-type");'],
    ["a computed path", "void import(name);"],
  ])("may not import %s", (_, text) => expect(wrong(text)).toHaveLength(1));
  it.each([
    ["the root", 'import { AiClient } from "ai-lib";'],
    ["a subpath", 'import type { Simulator } from "ai-lib/testing";'],
    ["a subpath of a pattern", 'import { x } from "ai-lib/dialects/gemini/client";'],
    ["its own files", 'import { run } from "../program.js";'],
    ["a builtin", 'import { readFile } from "node:fs/promises";'],
    ["its dependencies", 'import { Command } from "commander"; void import("@inquirer/password");'],
  ])("may import %s", (_, text) => expect(wrong(text)).toEqual([]));
});

describe("code outside of the package", () => {
  const outside = readSources("test/outside");
  it("has files to look at", () => expect(outside.length).toBeGreaterThan(3));
  it("imports what the library exports, and nothing inside of it", () => {
    const rules = {
      folder: "test/outside",
      dependencies: ["ai-lib", "vitest"],
      librarySubpaths: Object.keys(manifest("../../package.json").exports),
    };
    expect(wrongPackageImports(outside, rules)).toEqual([]);
  });
});

describe("an import", () => {
  const refused: [why: string, path: string, text: string][] = [
    ["core to another folder", "src/core/a.ts", 'import { x } from "../wire/x.js";'],
    ["core to a builtin", "src/core/a.ts", 'import { readdirSync, readFileSync } from "node:fs";'],
    ["core to a builtin without its prefix", "src/core/a.ts", 'import fs from "fs";'],
    ["core to a package", "src/core/a.ts", 'import { z } from "zod";'],
    ["a dialect to wire", "src/dialects/gemini/client.ts", 'import { sse } from "../../wire/sse.js";'],
    ["wire to a dialect", "src/wire/a.ts", 'export * from "../dialects/gemini/server.js";'],
    ["wire to a package it has no use for", "src/wire/a.ts", 'import openai from "openai";'],
    ["wire to a provider", "src/wire/a.ts", 'import "../providers/groq.js";'],
    ["a provider to a strategy", "src/providers/a.ts", 'import { f } from "../strategies/index.js";'],
    [
      "a provider to a builtin at load",
      "src/providers/a.ts",
      'import { readdirSync, readFileSync } from "node:fs";',
    ],
    ["a server to a builtin at load", "src/serve/a.ts", 'import { createServer } from "node:http";'],
    ["a strategy to a provider", "src/strategies/a.ts", 'export { groq } from "../providers/groq.js";'],
    ["a strategy to resilience", "src/strategies/a.ts", 'import { retry } from "../resilience/retry.js";'],
    ["the client to the command line", "src/client/a.ts", 'import { run } from "../../../cli/src/run.js";'],
    ["the client to testing", "src/client/a.ts", 'const t = await import("../testing/index.js");'],
    ["testing to the command line, by name", "src/testing/a.ts", 'import "ai-lib-cli";'],
    ["testing to a package of the command line", "src/testing/a.ts", 'import "commander";'],
    ["the root to a dialect", "src/index.ts", 'export * from "./dialects/gemini/client.js";'],
    ["the root to wire", "src/index.ts", 'import "#transport";'],
    ["a type from a folder above", "src/core/a.ts", 'import type { X } from "../client/x.js";'],
    ["an inline type from a folder above", "src/core/a.ts", 'type X = import("../client/x.js").X;'],
    ["a lazy import from a folder above", "src/core/a.ts", 'void import("../client/x.js");'],
    ["a computed import", "src/providers/a.ts", "void import(name);"],
    ["the package to itself by name", "src/client/a.ts", 'import { AiClient } from "ai-lib";'],
    ["out of src", "src/client/a.ts", 'import "../../test/x.js";'],
    ["a folder that src does not have", "src/misc/a.ts", ""],
    ["a stray file beside the root", "src/misc.ts", ""],
  ];
  it.each(refused)("is refused: %s", (_, path, text) => {
    expect(forbiddenImports([file(path, text)])).toHaveLength(1);
  });

  const allowed: [why: string, path: string, text: string][] = [
    ["within a folder", "src/core/a.ts", 'import { b } from "./b.js";'],
    ["a dialect to core", "src/dialects/gemini/client.ts", 'import { b } from "../../core/b.js";'],
    ["wire to a builtin and its parser", "src/wire/a.ts", 'import "node:http"; import "eventsource-parser";'],
    ["a provider to the transport", "src/providers/define.ts", 'import { open } from "#transport";'],
    ["a provider to a builtin, lazily", "src/providers/a.ts", 'const fs = await import("node:fs");'],
    ["a server to a builtin's types", "src/serve/a.ts", 'import type { Server } from "node:http";'],
    ["a word in a string or a comment", "src/core/a.ts", '// import "zod"\nexport const a = \'from "zod"\';'],
  ];
  it.each(allowed)("is allowed: %s", (_, path, text) => {
    expect(forbiddenImports([file(path, text)])).toEqual([]);
  });
});

describe("a half of a dialect", () => {
  const wrong = (path: string, text: string) => importsBetweenHalves([file(path, text)]);
  it.each([
    ["the other half", "server", '"../client/parts.js"'],
    ["the other half's types", "client", '"../server/parts.js"'],
    ["a half of another dialect", "client", '"../../mistral-chat/client/parts.js"'],
  ])("may not import %s", (_, side, from) => {
    expect(wrong(`src/dialects/gemini/${side}/a.ts`, `import type { A } from ${from};`)).toHaveLength(1);
  });
  it("may import its own files and what both share", () => {
    const text = 'import "./b.js"; import "../shared/parts.js"; import "../../shared/common/base64.js";';
    expect(wrong("src/dialects/gemini/server/a.ts", text)).toEqual([]);
  });
});

describe("a cycle", () => {
  it("is found through any number of files, once", () => {
    const ring = [
      file("src/core/a.ts", 'import { b } from "./b.js";'),
      file("src/core/b.ts", 'export { c } from "./c.js";'),
      file("src/core/c.ts", 'void import("./a.js");'),
    ];
    expect(cycles(ring)).toEqual(["src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts"]);
  });
  it("is found where an inline `type` leaves the import itself standing", () => {
    const pair = [
      file("src/core/a.ts", 'import { type B } from "./b.js";'),
      file("src/core/b.ts", 'import { a } from "./a.js";'),
    ];
    expect(cycles(pair)).toHaveLength(1);
  });
  it.each([
    ["an import", 'import type { B } from "./b.js";'],
    ["an inline import", 'type B = import("./b.js").B;'],
    ["an export", 'export type { B } from "./b.js";'],
  ])("is found where one side is only a type: %s", (_, text) => {
    const pair = [file("src/core/a.ts", text), file("src/core/b.ts", 'import type { A } from "./a.js";')];
    expect(cycles(pair)).toHaveLength(1);
  });
  it("is none where two paths meet again", () => {
    const diamond = [
      file("src/core/a.ts", 'import "./b.js"; import "./c.js";'),
      file("src/core/b.ts", 'import "./d.js";'),
      file("src/core/c.ts", 'import "./d.js";'),
      file("src/core/d.ts", ""),
    ];
    expect(cycles(diamond)).toEqual([]);
  });
});

describe("what an entry loads", () => {
  const sources = [
    file("src/index.ts", 'export * from "./client/a.js";'),
    file("src/client/a.ts", 'import "#transport"; import type { Z } from "zod"; void import("openai");'),
    file("src/wire/transport-node.ts", 'import "node:http"; import "eventsource-parser";'),
    file("src/wire/transport-fetch.ts", 'import "eventsource-parser";'),
  ];
  it("is what is imported at load, not its types and not what is lazy", () => {
    expect(loadedWith("src/index.ts", sources)).toEqual(["eventsource-parser", "node:http"]);
  });
  it("follows the condition on the transport", () => {
    const fetchInstead = { "src/wire/transport-node.ts": "src/wire/transport-fetch.ts" };
    expect(loadedWith("src/index.ts", sources, fetchInstead)).toEqual(["eventsource-parser"]);
  });
});

describe("a branch on a provider id", () => {
  const branches = (path: string, text: string) => {
    const sources = [
      file(path, text),
      file(
        "src/providers/vendors/acme.ts",
        'export const acme = { id: "acme" } as const satisfies ProviderData;',
      ),
      file("src/providers/define.ts", ""),
    ];
    return providerBranches(sources, providerIds(sources));
  };
  it.each([
    'if (id === "groq") f();',
    "if ('groq' !== id) f();",
    'const a = id == "groq" ? 1 : 2;',
    'switch (id) { case "groq": f(); }',
    'if (id === "acme") f();',
  ])("is found: %s", (text) => expect(branches("src/client/a.ts", text)).toHaveLength(1));
  it.each([
    'const id = "groq";',
    'if (id === "define") f();',
    '// id === "groq"',
    'if (dialect === "openai-chat") f();',
  ])("is none: %s", (text) => expect(branches("src/client/a.ts", text)).toEqual([]));
  it("is the factory's own business", () => {
    expect(branches("src/providers/factory.ts", 'if (id === "groq") f();')).toEqual([]);
  });
});

describe("a test", () => {
  /** They need a program that few machines have; where `CI` is set they run. */
  const mayBeSkipped = ["test/observe/prometheus.real.test.ts", "test/browser/page.release.test.ts"];

  it("is never skipped, and never the only one that runs", () => {
    const tests = everything.filter((source) => isTest(source) && !mayBeSkipped.includes(source.path));
    expect(tests.length).toBeGreaterThan(100);
    expect(skips(tests)).toEqual([]);
  });
  it.each([
    'it.skip("a", () => {});',
    'describe.skipIf(!found)("a", () => {});',
    'describe.runIf(found).each([1])("a", () => {});',
    'it.todo("a");',
    'test.only("a", () => {});',
  ])("is refused: %s", (text) => expect(skips([file("src/a.test.ts", text)])).toHaveLength(1));
  it.each(['it("a", () => {});', 'it.each([1])("a", () => {});', "list.only(1); sink.skip();"])(
    "is allowed: %s",
    (text) => expect(skips([file("src/a.test.ts", text)])).toEqual([]),
  );
});

it("a file that does not parse is an error and not an empty one", () => {
  expect(() => forbiddenImports([file("src/core/a.ts", "import {")])).toThrow("does not parse");
});
