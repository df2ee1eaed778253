import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makePlan } from "../src/config/plan.js";
import { parseText } from "../src/config/source.js";
import { formatImported, importLiteLlm } from "../src/import/litellm.js";

const folder = fileURLToPath(new URL("../../../docs/gateway/", import.meta.url));
const prices = { price: () => undefined, cost: () => undefined };

/** An environment that has every variable, so that an example may name any. */
const environment: Record<string, string> = new Proxy(
  {},
  {
    get: (_target, name) =>
      /_(KEY|TOKEN|SECRET)$/.test(String(name)) ? `aik_0123456789abcdef_${String(name)}` : undefined,
  },
);

interface Block {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
const blocks = pages.flatMap((page): Block[] => {
  const text = readFileSync(join(folder, page), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({
    page,
    language,
    code,
  }));
});

function of(language: string) {
  return blocks
    .filter((block) => block.language === language)
    .map(({ page, code }) => [`${page}: ${code.slice(0, 40)}`, code]);
}

describe("the pages of the gateway", () => {
  it("show files", () => expect(of("yaml").length).toBeGreaterThan(6));

  it.each(of("yaml"))("show configurations that can be served: %s", async (_, code = "") => {
    // A secret that a file holds cannot be read here.
    const shown = code.replace("{ file: /run/secrets/openai }", "{ env: OPENAI_API_KEY }");
    const text = "model_list" in parse(shown) ? formatImported(importLiteLlm(shown)) : shown;
    const plan = await makePlan(parseText("page", text, "r"), { environment, prices });
    expect(plan.revision).toBe("r");
  });

  it.each(of("json"))("show JSON: %s", (_, code = "") => expect(JSON.parse(code)).toBeTypeOf("object"));

  it.each([...of("js"), ...of("ts")])("show modules: %s", async (_, code = "") => {
    const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
    if ("config" in module) {
      const source = { file: "page", value: module.config, revision: "r", lineOf: () => undefined };
      expect((await makePlan(source, { environment, prices })).revision).toBe("r");
    } else {
      const request = { messages: [{ role: "user", content: "forbidden" }] };
      expect(module.hook({ at: "request", request })).toMatchObject({ refuse: { code: "CONTENT_FILTERED" } });
      expect(module.hook({ at: "request", request: { messages: [] } })).toBeUndefined();
    }
  });

  it("name commands that exist", async () => {
    const { run } = await import("../src/program.js");
    const sink = { write: () => true } as unknown as NodeJS.WritableStream;
    const io = { stdout: sink, stderr: sink, environment: {}, signal: new AbortController().signal };
    const text = blocks
      .filter(({ language }) => language === "sh")
      .map(({ code }) => code)
      .join("");
    const commands = [...text.matchAll(/ai-lib-gateway (check|explain|init|import|schema)\b/g)].map(
      ([, name]) => name,
    );
    expect(new Set(commands).size).toBeGreaterThan(3);
    for (const name of new Set(commands)) expect(await run(io, [name ?? "", "--help"])).toBe(0);
  });
});
