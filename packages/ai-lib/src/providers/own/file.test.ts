import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { AiLibError } from "../../core/errors/error.js";
import { factoryOf } from "../factory.js";
import { ownProviders, readProviders } from "./file.js";

const folder = mkdtempSync(join(tmpdir(), "providers-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function file(text: string, ending = "yaml"): string {
  const path = join(folder, `providers-${count++}.${ending}`);
  writeFileSync(path, text);
  return path;
}

const LABS = { id: "labs", dialect: "openai-chat", baseUrl: "https://llm.labs.example/v1", model: "gpt-x" };

describe("a file of providers", () => {
  it("is a mapping of ids to their settings", async () => {
    const path = file(`
# what the team runs
labs:
  dialect: openai-chat
  baseUrl: https://llm.labs.example/v1
  apiKeyEnv: LABS_KEY
  model: gpt-x
  models:
    gpt-x: { contextWindow: 32000, input: [text, image], price: { input: 0.1, output: 0.2 } }
den:
  dialect: anthropic-messages
  baseUrl: http://localhost:9
  keyOptional: true
`);
    const read = await readProviders(path);
    expect(read.map(({ id }) => id)).toEqual(["labs", "den"]);
    expect(read[0]).toMatchObject({ ...LABS, keyEnv: ["LABS_KEY"] });
    const factory = factoryOf(read);
    const labs = factory.create("labs", { environment: { LABS_KEY: "k" } });
    expect(labs.target).toEqual({ provider: "labs", model: "gpt-x", key: "LABS_KEY" });
    expect(labs.facts()?.contextWindow).toBe(32000);
    expect(factory.describe("labs", {}).missing).toEqual(["LABS_API_KEY or LABS_KEY"]);
  });

  it.each([
    [
      "a list, in YAML",
      "yaml",
      "- id: labs\n  dialect: openai-chat\n  baseUrl: https://llm.labs.example/v1\n  model: gpt-x\n",
    ],
    ["a list, in JSON", "json", JSON.stringify([LABS], undefined, "\t")],
    ["a mapping, in JSON", "json", JSON.stringify({ labs: { ...LABS, id: undefined } })],
    ["a mapping that repeats the id", "json", JSON.stringify({ labs: LABS })],
  ])("may be %s", async (_, ending, text) => {
    expect(await readProviders(file(text, ending))).toEqual([LABS]);
  });

  it("is named by AI_LIB_PROVIDERS, and none is read if that is not set", async () => {
    expect(await ownProviders({ AI_LIB_PROVIDERS: file(JSON.stringify([LABS]), "json") })).toEqual([LABS]);
    expect(await ownProviders({})).toEqual([]);
  });

  const wrong: [what: string, says: RegExp, text: string][] = [
    ["nothing", /must be a mapping of provider ids/, ""],
    ["a text", /must be a mapping of provider ids/, "hello"],
    ["broken YAML", /neither YAML nor JSON: \w+ at line 3, column 1/, "labs:\n  a: [s3cr3t\n"],
    ["a bomb of aliases", /too many aliases/, bomb()],
    ["settings that are none", /provider "labs" must be an object of settings/, "labs: s3cr3t"],
    ["an entry that is none", /entry 2 is not an object/, JSON.stringify([LABS, "s3cr3t"])],
    ["another id inside", /another id inside/, JSON.stringify({ labs: { ...LABS, id: "den" } })],
    ["two of one id", /two providers "labs"/, JSON.stringify([LABS, LABS])],
    ["no dialect", /"labs" has no dialect/, JSON.stringify([{ ...LABS, dialect: undefined }])],
    ["an unknown field", /Unknown field of a provider "url"/, JSON.stringify([{ ...LABS, url: "x" }])],
    [
      "a key",
      /no keys in files; name the variable .* apiKeyEnv/,
      JSON.stringify([{ ...LABS, apiKey: "s3cr3t" }]),
    ],
    ["a variable that is none", /apiKeyEnv must be the name/, JSON.stringify([{ ...LABS, apiKeyEnv: 1 }])],
    [
      "a wrong type",
      /"labs": headers must be an object in which "x" is a text/,
      JSON.stringify([{ ...LABS, headers: { x: 1 } }]),
    ],
    [
      "a wrong quirk",
      /"labs": the quirk topK must be true or false/,
      JSON.stringify([{ ...LABS, quirks: { topK: "s3cr3t" } }]),
    ],
    [
      "a quirk of another dialect",
      /"labs": unknown quirk "vertex" of the dialect openai-chat/,
      JSON.stringify([{ ...LABS, quirks: { vertex: true } }]),
    ],
    [
      "a prototype",
      /Unknown field of a provider "__proto__"/,
      '[{"__proto__": {"label": "x"}, "id": "labs"}]',
    ],
  ];
  it.each(wrong)("is refused with its path where it holds %s", async (_, says, text) => {
    const path = file(text);
    const error = await readProviders(path).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!AiLibError.is(error)) throw new Error("it was not refused");
    expect(error.code).toBe("CONFIG_ERROR");
    expect(error.message).toMatch(says);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain("s3cr3t");
  });

  it("that cannot be read names itself and the variable, and one that is too large says so", async () => {
    await expect(readProviders(join(folder, "none.yaml"))).rejects.toThrow(
      /none\.yaml cannot be read \(ENOENT\).*AI_LIB_PROVIDERS/,
    );
    await expect(readProviders(file(`# ${"x".repeat(1024 * 1024)}`))).rejects.toThrow(
      /larger than 1048576 bytes/,
    );
  });
});

function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [i, name] of [..."bcdefghi"].entries()) {
    const before = "abcdefgh"[i];
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }
  return lines.join("\n");
}
