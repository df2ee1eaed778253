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

/**
 * Where a vendor's own pages are: domains with what is below them, and beginnings of paths on the sites that host
 * its code and its packages.
 */
// biome-ignore format: a table, one vendor a line
const OWN_PAGES: Record<ProviderId, string> = {
  aihubmix: "aihubmix.com www.npmjs.com/package/@aihubmix/",
  alibaba: "alibabacloud.com github.com/dashscope/",
  anthropic: "anthropic.com claude.com www.npmjs.com/package/@anthropic-ai/",
  avian: "avian.io",
  "azure-openai": "microsoft.com",
  "azure-openai-responses": "microsoft.com",
  baidu: "baidu.com",
  baseten: "baseten.co",
  bedrock: "aws.amazon.com www.npmjs.com/package/@aws-sdk/",
  "bedrock-mantle": "aws.amazon.com github.com/build-on-aws/",
  cerebras: "cerebras.ai www.npmjs.com/package/@cerebras/",
  chutes: "chutes.ai",
  cloudflare: "cloudflare.com github.com/cloudflare/",
  cohere: "cohere.com www.npmjs.com/package/cohere-ai",
  crusoe: "crusoe.ai crusoecloud.com",
  databricks: "databricks.com www.npmjs.com/package/@databricks/",
  deepinfra: "deepinfra.com www.npmjs.com/package/deepinfra",
  deepseek: "deepseek.com",
  featherless: "featherless.ai",
  fireworks: "fireworks.ai github.com/fw-ai-external/",
  friendli: "friendli.ai www.npmjs.com/package/@friendliai/",
  google: "ai.google.dev www.npmjs.com/package/@google/",
  gpustack: "gpustack.ai github.com/gpustack/",
  groq: "groq.com www.npmjs.com/package/groq-sdk",
  heroku: "heroku.com",
  huggingface: "huggingface.co",
  hyperbolic: "hyperbolic.ai",
  "iflytek-spark": "xfyun.cn",
  inception: "inceptionlabs.ai",
  "inference-net": "inference.net",
  llamacpp: "github.com/ggml-org/",
  lmstudio: "lmstudio.ai github.com/lmstudio-ai/",
  minimax: "minimax.io minimaxi.com github.com/MiniMax-AI/ www.npmjs.com/package/vercel-minimax-ai-provider",
  "minimax-cn": "minimaxi.com github.com/MiniMax-AI/",
  mistral: "mistral.ai www.npmjs.com/package/@mistralai/",
  mistralrs: "github.com/EricLBuehler/",
  moonshot: "kimi.ai moonshot.ai github.com/MoonshotAI/",
  "moonshot-cn": "moonshot.cn github.com/MoonshotAI/",
  morph: "morphllm.com",
  nebius: "nebius.com github.com/nebius/",
  novita: "novita.ai",
  nvidia: "nvidia.com github.com/NVIDIA/",
  ollama: "ollama.com github.com/ollama/",
  "ollama-cloud": "ollama.com github.com/ollama/",
  "ollama-openai": "ollama.com",
  openai: "openai.com www.npmjs.com/package/openai",
  "openai-responses": "openai.com www.npmjs.com/package/openai",
  "opencode-zen": "opencode.ai github.com/anomalyco/opencode/",
  openrouter: "openrouter.ai www.npmjs.com/package/@openrouter/",
  ovhcloud: "ovhcloud.com",
  parasail: "parasail.io github.com/parasail-ai/",
  perplexity: "perplexity.ai www.npmjs.com/package/@perplexity-ai/",
  portkey: "portkey.ai www.npmjs.com/package/portkey-ai",
  qwen: "alibabacloud.com github.com/dashscope/",
  "qwen-cn": "alibabacloud.com github.com/dashscope/",
  reka: "reka.ai",
  sambanova: "sambanova.ai",
  scaleway: "scaleway.com github.com/scaleway/",
  siliconflow: "siliconflow.com",
  "siliconflow-cn": "siliconflow.cn siliconflow.com",
  snowflake: "snowflake.com",
  stepfun: "stepfun.ai stepfun.com huggingface.co/stepfun-ai/",
  "stepfun-cn": "stepfun.com",
  "tencent-hunyuan": "tencent.com tencentcloud.com",
  together: "together.ai www.npmjs.com/package/together-ai",
  upstage: "upstage.ai",
  venice: "venice.ai",
  "vercel-gateway": "vercel.com",
  vertex: "cloud.google.com www.npmjs.com/package/@google/",
  "vertex-anthropic": "cloud.google.com claude.com www.npmjs.com/package/@anthropic-ai/",
  vllm: "vllm.ai",
  volcengine: "volcengine.com github.com/volcengine/ cloudwego.io",
  watsonx: "ibm.com ibm.github.io www.npmjs.com/package/@ibm-cloud/",
  writer: "writer.com www.npmjs.com/package/writer-sdk",
  xai: "x.ai",
  "xai-responses": "x.ai",
  zai: "z.ai github.com/zai-org/",
  "zai-coding": "z.ai github.com/zai-org/",
  zhipu: "bigmodel.cn github.com/zai-org/",
};

/** Whether a page is the vendor's own. */
function isOwnPage(id: ProviderId, page: string): boolean {
  const { hostname, pathname } = new URL(page);
  return OWN_PAGES[id]
    .split(" ")
    .some((place) =>
      place.includes("/")
        ? `${hostname}${pathname}`.startsWith(place)
        : hostname === place || hostname.endsWith(`.${place}`),
    );
}

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

describe("the catalog", () => {
  it("has a row for every file and no other", () => {
    expect(Object.keys(CATALOG).sort()).toEqual(files.map(({ id }) => id).sort());
    expect(Object.values(Provider).sort()).toEqual(Object.keys(CATALOG).sort());
  });
  it("has every provider that was promised", () => {
    expect(Object.keys(CATALOG)).toEqual(expect.arrayContaining(NAMED_IN_THE_PLAN));
  });
  it.each(files)("says of $id what its file says, less the pages", ({ id, data }) => {
    const { docs: _, ...rest } = data;
    expect(CATALOG[id]).toEqual(rest);
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
    const used = new Set(templates.flatMap(templateNames));
    used.delete("model");
    expect([...used].sort()).toEqual(Object.keys(data.variables ?? {}).sort());
    expect(Object.keys(data.baseUrlWhen ?? {}).filter((name) => !used.has(name))).toEqual([]);
  });

  it("names a default model, or says why it has none", () => {
    if (data.model === undefined) expect(text).toContain("no default");
    else expect(data.model).not.toBe("");
  });

  it("cites the pages that its facts come from", () => {
    expect(data.docs?.length).toBeGreaterThan(0);
    for (const page of data.docs ?? []) expect(new URL(page).protocol).toBe("https:");
    if (data.keyUrl !== undefined) expect(new URL(data.keyUrl).protocol).toBe("https:");
  });

  it("cites a page of the vendor itself, or says that none was found and when", () => {
    const own = (data.docs ?? []).filter((page) => isOwnPage(id, page));
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
      expect(comment.startsWith("Third part"), `${page} (${comment})`).toBe(!isOwnPage(id, page));
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
      expect(facts.price).toBeUndefined();
    }
  });
});
