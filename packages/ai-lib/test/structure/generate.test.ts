import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const script = join(repository, "scripts/generate.mjs");

function generate(...options: string[]) {
  return spawnSync(process.execPath, [script, ...options], { encoding: "utf8" });
}

it("finds every generated file fresh; else run `npm run generate`", () => {
  const { status, stderr } = generate("--check");
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

const NAMES = "packages/ai-lib/src/observe/provider-names.generated.ts";

describe("a provider that is added as one file", () => {
  const root = mkdtempSync(join(tmpdir(), "generate-"));
  const path = (file: string) => join(root, file);
  const text = (file: string) => readFileSync(path(file), "utf8");

  beforeAll(() => {
    mkdirSync(path("docs"));
    cpSync(join(repository, "packages/ai-lib/src/providers"), path("packages/ai-lib/src/providers"), {
      recursive: true,
    });
    cpSync(join(repository, "docs/providers.md"), path("docs/providers.md"));
    mkdirSync(path("packages/ai-lib/src/observe"));
    cpSync(join(repository, NAMES), path(NAMES));
    writeFileSync(
      path("packages/ai-lib/src/providers/vendors/acme-labs.ts"),
      `import type { ProviderData } from "../endpoint/data.js";

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
  docs: ["https://docs.acme.example/chat"],
} as const satisfies ProviderData;
`,
    );
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("makes the generated files stale, and each is named", () => {
    const { status, stderr } = generate("--check", `--root=${root}`);
    expect(status).toBe(1);
    for (const file of [
      "catalog.generated.ts",
      "provider-names.generated.ts",
      "builders.generated.ts",
      "docs/providers.md",
    ])
      expect(stderr).toContain(`${file} is stale`);
  });

  it("appears in Provider, in the table, in the builders and in the docs after one command", () => {
    execFileSync(process.execPath, [script, `--root=${root}`]);
    expect(generate("--check", `--root=${root}`).status).toBe(0);
    expect(text("packages/ai-lib/src/providers/catalog.generated.ts")).toContain('AcmeLabs: "acme-labs"');
    expect(text("packages/ai-lib/src/providers/catalog.generated.ts")).toContain(
      '"acme-labs": {\n    id: "acme-labs"',
    );
    expect(text("packages/ai-lib/src/providers/builders.generated.ts")).toContain(
      "class AcmeLabsBuilder extends",
    );
    expect(text("packages/ai-lib/src/providers/builders.generated.ts")).toContain(
      "withRegion(region: string): this",
    );
    expect(text(NAMES)).toContain('["acme-labs", "acme"]');
    expect(text(NAMES)).toContain('["acme-labs", "acme.ai"]');
    expect(text("docs/providers.md")).toMatch(
      /\| `acme-labs` \| Acme Labs.*`ACME_LABS_API_KEY`.*ACME_REGION/,
    );
  });

  const refused: [why: string, from: string, to: string][] = [
    ["an id that is not the file's name", 'id: "acme-labs"', 'id: "acme"'],
    ["an export of another name", "const acmeLabs", "const labs"],
    ["no doc comment", "/** Acme's inference of anvils. */", ""],
    ["data that is computed", '"anvil-1"', "process.env.MODEL"],
    ["a second export", "/** Acme", "export const more = 1;\n/** Acme"],
  ];
  it.each(refused)("is refused with the file's name: %s", (_, from, to) => {
    const file = path("packages/ai-lib/src/providers/vendors/acme-labs.ts");
    const good = readFileSync(file, "utf8");
    writeFileSync(file, good.replace(from, to));
    const { status, stderr } = generate(`--root=${root}`);
    writeFileSync(file, good);
    expect(good).toContain(from);
    expect(stderr).toContain("acme-labs.ts: ");
    expect(status).not.toBe(0);
  });
});
