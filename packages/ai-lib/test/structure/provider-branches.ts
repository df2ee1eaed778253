import { type Source, visit } from "./source.js";

/** The one place that looks provider ids up. */
const factory = "src/providers/factory.ts";

/** One sentence per `=== "groq"`, `!== "groq"` or `case "groq"` outside the factory. */
export function providerBranches(sources: readonly Source[], ids: ReadonlySet<string>): string[] {
  return sources.flatMap((source) => {
    if (source.path === factory) return [];
    const found: string[] = [];
    const check = (node: { type: string; value?: unknown } | null) => {
      if (node?.type !== "Literal" || typeof node.value !== "string" || !ids.has(node.value)) return;
      found.push(`${source.path}: branches on the provider id "${node.value}"`);
    };
    visit(source, {
      BinaryExpression: ({ operator, left, right }) => {
        if (!/^[!=]==?$/.test(operator)) return;
        check(left);
        check(right);
      },
      SwitchCase: ({ test }) => check(test),
    });
    return found;
  });
}

/** A provider's file bears its id and says what it is; the first fifteen count even before their files exist. */
export function providerIds(sources: readonly Source[]): Set<string> {
  const files = sources.flatMap(({ path, text }) => {
    const id = /^src\/providers\/vendors\/([^/]+)\.ts$/.exec(path)?.[1];
    return id !== undefined && text.includes("satisfies ProviderData;") ? [id] : [];
  });
  return new Set([...firstProviders, ...files]);
}

const firstProviders = [
  "openai",
  "anthropic",
  "google",
  "groq",
  "deepseek",
  "xai",
  "openrouter",
  "together",
  "fireworks",
  "cerebras",
  "perplexity",
  "ollama",
  "lmstudio",
  "llamacpp",
  "vllm",
];
