import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const script = join(repository, "scripts/generate.mjs");

function generate(...options: string[]) {
  return spawnSync(process.execPath, [script, ...options], { encoding: "utf8" });
}

it("finds every generated file fresh; else run `npm run generate`", { timeout: 60_000 }, () => {
  const { status, stderr } = generate("--check");
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

const PROVIDERS = "packages/ai-lib/src/providers";
const VENDOR = `${PROVIDERS}/vendors/acme-labs.ts`;
const NAMES = "packages/ai-lib/src/observe/provider-names.generated.ts";

const FILE = `import type { ProviderData } from "../endpoint/data.js";

/** Acme's inference of anvils. */
export const acmeLabs = {
  id: "acme-labs",
  label: "Acme Labs",
  preferred: 7,
  priceId: "acme",
  telemetryName: "acme.ai",
  dialect: "openai-chat",
  baseUrl: "https://api.{region}.acme.example/v1",
  model: "anvil-1",
  variables: { region: { env: ["ACME_REGION"], default: "desert", what: "the region" } },
  quirks: { topK: true, errorCodes: { RATE_LIMIT: [7] } },
  docs: ["https://docs.acme.example/chat"],
} as const satisfies ProviderData;
`;

describe("a provider that is added as one file", { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "generate-"));
  const path = (file: string) => join(root, file);
  const text = (file: string) => readFileSync(path(file), "utf8");

  beforeAll(() => {
    for (const part of ["src", "test", "package.json", "tsconfig.build.json", "tsconfig.docs.json"])
      cpSync(join(repository, "packages/ai-lib", part), path(`packages/ai-lib/${part}`), { recursive: true });
    cpSync(join(repository, "packages/cli/src"), path("packages/cli/src"), { recursive: true });
    for (const part of [
      "packages/cli/package.json",
      "packages/cli/man",
      "docs",
      "scripts/data",
      "package.json",
      "tsconfig.json",
    ])
      cpSync(join(repository, part), path(part), { recursive: true });
    symlinkSync(join(repository, "node_modules"), path("node_modules"));
    writeFileSync(path(VENDOR), FILE);
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it("makes the generated files stale, and each is named", () => {
    const { status, stderr } = generate("--check", `--root=${root}`);
    expect(status).toBe(1);
    for (const file of [
      "catalog.generated.ts",
      "builders.generated.ts",
      "provider-names.generated.ts",
      "docs/providers.md",
    ])
      expect(stderr).toContain(`${file} is stale`);
  });

  it("appears in every table and page after one command", () => {
    const { status, stdout } = generate(`--root=${root}`);
    expect(status).toBe(0);
    const written = [...stdout.matchAll(/^wrote (.*)$/gm)].map((match) => match[1]);
    expect(written).toEqual([
      "docs/prices.md",
      `${PROVIDERS}/catalog.generated.ts`,
      `${PROVIDERS}/builders.generated.ts`,
      NAMES,
      "docs/providers.md",
      "docs/api/index.md",
      "docs/api/providers.md",
      "docs/api/builders.md",
    ]);
    expect(text("docs/prices.md")).toMatch(/`acme-labs` *\| `anvil-1` *\| not looked up yet/);
    expect(text(`${PROVIDERS}/catalog.generated.ts`)).toContain('AcmeLabs: "acme-labs"');
    expect(text(`${PROVIDERS}/catalog.generated.ts`)).toContain('"acme-labs": {\n    id: "acme-labs"');
    expect(text(`${PROVIDERS}/catalog.generated.ts`)).toContain("errorCodes: { RATE_LIMIT: [7] }");
    expect(text(`${PROVIDERS}/builders.generated.ts`)).toContain(
      'class AcmeLabsBuilder extends ProviderBuilder<"openai-chat">',
    );
    expect(text(`${PROVIDERS}/builders.generated.ts`)).toContain("withRegion(region: string): this");
    expect(text(NAMES)).toContain('["acme-labs", "acme"]');
    expect(text(NAMES)).toContain('["acme-labs", "acme.ai"]');
    expect(text("docs/providers.md")).toMatch(
      /\| `acme-labs` \| Acme Labs.*`ACME_LABS_API_KEY`.*ACME_REGION/,
    );
    expect(text("docs/api/builders.md")).toMatch(/### AcmeLabsBuilder[^#]*withRegion/);
    expect(text("docs/api/providers.md")).toContain('AcmeLabs: "acme-labs"');
    expect(generate("--check", `--root=${root}`).status).toBe(0);
  });

  it.each([
    ["a value of a wrong type", "topK: true", 'topK: "yes"', `'"yes"' is not assignable to type 'boolean`],
    ["a quirk of another dialect", "topK: true", "vertex: true", "'vertex' does not exist"],
  ])("is refused by the compiler: %s", (_, from, to, says) => {
    writeFileSync(path(VENDOR), FILE.replace(from, to));
    const { status, stderr } = generate(`--root=${root}`);
    writeFileSync(path(VENDOR), FILE);
    expect(stderr).toContain("vendors/acme-labs.ts");
    expect(stderr).toContain(says);
    expect(status).not.toBe(0);
  });

  it.each([
    ["an id that is not the file's name", 'id: "acme-labs"', 'id: "acme"'],
    ["an export of another name", "const acmeLabs", "const labs"],
    ["no doc comment", "/** Acme's inference of anvils. */", ""],
    ["data that is computed", '"anvil-1"', "process.env.MODEL"],
    ["a second export", "/** Acme", "export const more = 1;\n/** Acme"],
  ])("is refused with the file's name: %s", (_, from, to) => {
    expect(FILE).toContain(from);
    writeFileSync(path(VENDOR), FILE.replace(from, to));
    const { status, stderr } = generate(`--root=${root}`);
    writeFileSync(path(VENDOR), FILE);
    expect(stderr).toContain("acme-labs.ts: ");
    expect(status).not.toBe(0);
  });
});
