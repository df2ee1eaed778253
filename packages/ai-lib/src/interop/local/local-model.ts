import { basename } from "node:path";
import { configError } from "../../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../../core/errors/options.js";
import { AdapterProvider } from "../../providers/own/adapter.js";
import { embed } from "./embed.js";
import { Engine } from "./engine.js";
import { generate } from "./generate.js";
import type { LocalModelOptions } from "./options.js";

const OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "contextSize",
  "sequences",
  "threads",
  "gpu",
  "onLoad",
  "facts",
] satisfies (keyof LocalModelOptions)[]);

/**
 * Makes a provider of a model in a GGUF file, which runs in this process with llama.cpp: chat, streams, tools and objects
 * by grammar, and embeddings. Needs the package `node-llama-cpp`. The model is loaded with the first call, or by
 * `checkHealth()`; `close()` frees its memory.
 *
 * Without a `temperature` the likeliest token is always chosen, so that answers repeat.
 *
 * @example
 * // import { localModel } from "ai-lib/local";
 * // const local = localModel("models/qwen3-4b-q4.gguf", { contextSize: 8192 });
 * // const client = new AiClient(failover([provider("groq"), local]));
 * @param path the file
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong option. Calls fail with `MODEL_NOT_FOUND` for a file that cannot be loaded,
 *   with `CONFIG_ERROR` where `node-llama-cpp` is not installed, and with `CONTEXT_TOO_LONG` for a prompt without room.
 */
export function localModel(path: string, options: LocalModelOptions = {}): AdapterProvider {
  refuseUnknown("option of localModel", options, OPTIONS);
  if (typeof path !== "string" || path === "") throw configError("localModel takes the path of a GGUF file");
  const { name = "local", contextSize, sequences, threads, facts } = options;
  if (contextSize !== undefined) wholeAtLeast("contextSize", contextSize, 8);
  if (sequences !== undefined) wholeAtLeast("sequences", sequences, 1);
  if (threads !== undefined) atLeast("threads", threads, 1);
  const model = basename(path).replace(/\.gguf$/i, "");
  const engine = new Engine(path, options);
  return new AdapterProvider({
    name,
    model,
    facts: {
      tools: true,
      structuredOutput: true,
      input: ["text"],
      ...(contextSize !== undefined && { contextWindow: contextSize }),
      ...facts,
    },
    stream: (request, call) => generate(engine, request, call),
    kinds: { embed: (request, call) => embed(engine, request, call) },
    listModels: async () => [{ id: model, provider: name, kinds: ["chat", "embed"] }],
    checkHealth: async () => {
      await engine.load();
    },
    close: () => engine.close(),
  });
}
