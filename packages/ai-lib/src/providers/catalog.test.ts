import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOG, Provider, type ProviderId } from "./catalog.generated.js";
import type { ProviderData } from "./endpoint/data.js";
import { PROVIDER_DATA_FIELDS } from "./endpoint/shape.js";
import { templateNames } from "./endpoint/template.js";

/** Every provider's file: its id by its name, what it exports, and its text. */
const files = await Promise.all(
  readdirSync(new URL("vendors/", import.meta.url))
    .map((name) => ({ name, url: new URL(`vendors/${name}`, import.meta.url) }))
    .map((file) => ({ ...file, text: readFileSync(file.url, "utf8") }))
    .filter(({ name, text }) => !name.endsWith(".test.ts") && text.includes("satisfies ProviderData;"))
    .map(async ({ name, url, text }) => {
      const [data] = Object.values<ProviderData>(await import(url.href));
      if (data === undefined) throw new Error(`${name} exports nothing`);
      return { id: name.slice(0, -3) as ProviderId, data, text };
    }),
);

const { isOwnPage }: { isOwnPage(data: ProviderData, page: string): boolean } = await import(
  new URL("../../../../scripts/generate/own-pages.mjs", import.meta.url).href
);

/** The pages that a file lists, each with the comment above it; none where it lists those of another file. */
function citationsOf(text: string): { page: string; comment: string }[] {
  const list = /^ {2}docs: \[\n([^\]]*)^ {2}\]/m.exec(text)?.[1] ?? "";
  let comment = "";
  return list.split("\n").flatMap((line) => {
    comment = /^ *\/\/ (.*)$/.exec(line)?.[1] ?? comment;
    const page = /^ *"(.*)",$/.exec(line)?.[1];
    return page === undefined ? [] : [{ page, comment }];
  });
}

const NAMED_IN_THE_PLAN =
  `openai anthropic google groq deepseek xai openrouter together fireworks cerebras perplexity
  ollama lmstudio llamacpp vllm azure-openai bedrock vertex vertex-anthropic mistral cohere qwen moonshot zhipu
  minimax baidu tencent-hunyuan iflytek-spark huggingface nvidia sambanova nebius novita hyperbolic deepinfra
  siliconflow cloudflare vercel-gateway databricks venice alibaba`.split(/\s+/);

/** Variables of keys that tools use and no page was found for. docs/providers.md names them. */
const CONVENTIONAL =
  `AI_GATEWAY_API_KEY ALIBABA_API_KEY BEDROCK_API_KEY BIGMODEL_API_KEY DATABRICKS_TOKEN DEEPINFRA_TOKEN
  FIREWORKS_AI_API_KEY HUNYUAN_API_KEY INFERENCE_API_KEY MODELSTUDIO_API_KEY PPLX_API_KEY REVAI_ACCESS_TOKEN
  REV_AI_ACCESS_TOKEN SNOWFLAKE_PAT SNOWFLAKE_TOKEN SPARK_API_KEY SPARK_API_PASSWORD STEPFUN_API_KEY TOGETHER_AI_API_KEY
  VERCEL_OIDC_TOKEN VERTEX_API_KEY VOLCANO_ENGINE_API_KEY ZHIPUAI_API_KEY Z_AI_API_KEY`.split(/\s+/);

/** Variables that the codec of an API of batches reads. */
const VARIABLES_OF_BATCHES: Readonly<Record<string, readonly string[]>> = {
  "bedrock-batches": ["batchRole", "batchFiles", "s3Url", "controlUrl"],
};

describe("the catalog", () => {
  it("has a row for every file and no other", () => {
    expect(Object.keys(CATALOG).sort()).toEqual(files.map(({ id }) => id).sort());
    expect(Object.values(Provider).sort()).toEqual(Object.keys(CATALOG).sort());
  });
  it("has every provider that was promised", () => {
    expect(Object.keys(CATALOG)).toEqual(expect.arrayContaining(NAMED_IN_THE_PLAN));
  });
  it("cites a page for each further variable of a key, and names those that are conventional alone", () => {
    const comments = files.map(({ text }) => text.match(/(?:\/\/|\*).*/g)?.join("\n") ?? "").join("\n");
    const cited = new Set(comments.match(/[A-Z][A-Z0-9_]+/g));
    const names = new Set(files.flatMap(({ data }) => data.keyEnv ?? []));
    expect([...names].filter((name) => !cited.has(name)).sort()).toEqual([...CONVENTIONAL].sort());
    const page = readFileSync(new URL("../../../../docs/providers.md", import.meta.url), "utf8");
    const line = page.split("\n").find((each) => each.includes("no page of the vendor was found")) ?? "";
    expect(CONVENTIONAL.filter((name) => !line.includes(`\`${name}\``))).toEqual([]);
  });
  it.each(files)(
    "says of $id what its file says, without the fields for the documentation",
    ({ id, data }) => {
      const { sites: _sites, docs: _docs, ...rest } = data;
      expect(CATALOG[id]).toEqual(rest);
    },
  );
});

describe("a page", () => {
  const acme = {
    id: "acme",
    dialect: "openai-chat",
    baseUrl: "https://{region}.api.acme.example/v1",
  } as const;
  const sites = ["acme-docs.example", "github.com/acme/"];

  it.each<[page: string, own: boolean]>([
    ["https://docs.acme.example/chat", true],
    ["https://notacme.example/chat", false],
    ["https://github.com/acme/sdk", true],
    ["https://github.com/acme-fans/sdk", false],
    ["https://www.acme-docs.example/a", true],
    ["https://my-acme-docs.example/a", false],
  ])("%s is the vendor's own: %s", (page, own) => expect(isOwnPage({ ...acme, sites }, page)).toBe(own));

  it("on a host that vendors share is not the vendor's own by the address of its keys", () => {
    const data = { ...acme, keyUrl: "https://github.com/acme/keys" };
    expect(isOwnPage(data, "https://github.com/other/sdk")).toBe(false);
  });
});

describe.each(files)("the file of $id", ({ id, data, text }) => {
  it("bears its id, and fields that exist", () => {
    expect(data.id).toBe(id);
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(Object.keys(data).filter((field) => !PROVIDER_DATA_FIELDS.has(field))).toEqual([]);
  });

  it("has base URLs that parse, over TLS unless it is local, without a slash at the end", () => {
    const all = [
      data.baseUrl,
      ...Object.values(data.baseUrlWhen ?? {}).flatMap((urls) => Object.values(urls)),
    ];
    for (const template of all) {
      const address = Object.entries(data.variables ?? {}).find(([, { address }]) => address !== undefined);
      const filled = template
        .replace(`{${address?.[0]}}`, `${address?.[1].address?.scheme}://host`)
        .replace(/\{\w+\}/g, "x");
      const url = new URL(filled);
      expect(url.protocol).toBe(data.local === true ? "http:" : "https:");
      expect(url.search + url.hash + url.username).toBe("");
      expect(template).not.toMatch(/\/$/);
    }
  });

  it("declares the variables that it uses, and uses those that it declares", () => {
    const templates = [
      data.baseUrl,
      data.path ?? "",
      data.streamPath ?? "",
      ...Object.values(data.query ?? {}),
      ...Object.values(data.headers ?? {}),
    ];
    const used = new Set([
      ...templates.flatMap(templateNames),
      ...(VARIABLES_OF_BATCHES[data.batches?.api ?? ""] ?? []),
    ]);
    used.delete("model");
    expect([...used].sort()).toEqual(Object.keys(data.variables ?? {}).sort());
    expect(Object.keys(data.baseUrlWhen ?? {}).filter((name) => !used.has(name))).toEqual([]);
  });

  it("names a default model, or says why it has none", () => {
    if (data.chat === false) expect(data.model).toBeUndefined();
    else if (data.model === undefined) expect(text).toContain("no default");
    else expect(data.model).not.toBe("");
  });

  it("cites the pages that its facts come from", () => {
    expect(data.docs?.length).toBeGreaterThan(0);
    for (const page of data.docs ?? []) expect(new URL(page).protocol).toBe("https:");
    if (data.keyUrl !== undefined) expect(new URL(data.keyUrl).protocol).toBe("https:");
  });

  it("names only places of its vendor that a page needs", () => {
    const { docs = [] } = data;
    const sites = text.includes("  sites: [") ? (data.sites ?? []) : [];
    const needed = (site: string) =>
      docs.some(
        (page) =>
          isOwnPage(data, page) !==
          isOwnPage({ ...data, sites: sites.filter((each) => each !== site) }, page),
      );
    expect(sites.filter((site) => !needed(site))).toEqual([]);
  });

  it("cites a page of the vendor itself, or says that none was found and when", () => {
    const own = (data.docs ?? []).filter((page) => isOwnPage(data, page));
    const none = /No page of the vendor itself was found on \d{4}-\d{2}-\d{2}/.test(text);
    expect({ own, none }).toEqual(
      none ? { own: [], none } : { own: expect.arrayContaining([expect.any(String)]), none },
    );
  });

  it("says what each page proves, and which pages are of third parties", () => {
    const citations = citationsOf(text);
    expect(citations.map(({ page }) => page)).toEqual(text.includes("  docs: [") ? data.docs : []);
    for (const { page, comment } of citations) {
      expect(comment, page).not.toBe("");
      expect(comment.startsWith("Third part"), `${page} (${comment})`).toBe(!isOwnPage(data, page));
    }
  });

  it("names further key variables, each once", () => {
    const own = `${id.toUpperCase().replaceAll("-", "_")}_API_KEY`;
    const names = [own, ...(data.keyEnv ?? [])];
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
  });

  it("has facts of models that are possible", () => {
    for (const facts of Object.values(data.models ?? {})) {
      expect(facts.contextWindow ?? 1_000).toBeGreaterThanOrEqual(1_000);
      expect(facts.maxOutputTokens ?? 1_000).toBeGreaterThanOrEqual(1_000);
      expect(facts.input ?? ["text"]).toContain("text");
      // US dollars per million tokens.
      for (const price of Object.values(facts.price ?? {})) expect(price).toBeLessThan(1_000);
    }
  });
});
