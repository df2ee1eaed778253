import { configError } from "../../../core/errors/error.js";
import { refuseUnknown } from "../../../core/errors/options.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asArray } from "../../../core/values/json.js";
import type { Kind, ReplyOf, RequestOf } from "../../../core/values/kinds.js";
import type { ModelFacts } from "../../../core/values/model.js";
import type { Target } from "../../../core/values/target.js";
import {
  AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomReply,
} from "../../../providers/own/adapter.js";
import { classifyError } from "./errors.js";
import { embedWith, imageWith, rerankWith, speakWith, transcribeWith } from "./kinds.js";
import type { ForeignLanguageModel, ForeignModels } from "./models.js";
import { writeCall } from "./options.js";
import {
  finishReasonOf,
  foreign,
  readContent,
  readFinish,
  readResponse,
  readUsage,
  readWarnings,
} from "./reply.js";
import { StreamReader } from "./stream.js";

/** Options of {@link fromAiSdk}; all optional. */
export interface FromAiSdkOptions {
  /** The name of the provider in attempt logs and errors. Default: that of the model's provider. */
  readonly name?: string | undefined;
  /** Facts of the model, such as its context window and its price. */
  readonly facts?: ModelFacts | undefined;
  /**
   * The meaning of a stream that ends without a finish reason. Providers of the AI SDK report a cut connection in this
   * way, so the default is `"truncated"`: an error, after which another provider is asked. `"finished"` is for models
   * that never give a reason.
   */
  readonly unknownEnd?: "truncated" | "finished" | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "facts",
  "unknownEnd",
] satisfies (keyof FromAiSdkOptions)[]);

const KINDS: ReadonlySet<string> = new Set([
  "chat",
  "embed",
  "rerank",
  "image",
  "speak",
  "transcribe",
] satisfies (keyof ForeignModels)[]);

/**
 * Makes a provider of models of the AI SDK, including those of community packages. You can use it in strategies,
 * wrappers and clients like any other. Versions 2, 3 and 4 of the AI SDK's specification are read.
 *
 * Its errors are classified as those of vendors, so that breakers, retries and failovers act on them. A stream that was
 * cut is an error, also where the model's package reports a normal end. Retries of the AI SDK are not used.
 *
 * @param models a language model, or one model for each kind of call.
 * @example
 * // import { createOllama } from "ollama-ai-provider";
 * // const models = failover([fromAiSdk(createOllama()("phi4")), provider("groq")]);
 * @throws {AiLibError} `CONFIG_ERROR` for something that is no model, and for an unknown option.
 */
export function fromAiSdk(
  models: ForeignLanguageModel | ForeignModels,
  options: FromAiSdkOptions = {},
): AdapterProvider {
  refuseUnknown("option of fromAiSdk", options, OPTIONS);
  const { unknownEnd = "truncated", facts } = options;
  if (unknownEnd !== "truncated" && unknownEnd !== "finished")
    throw configError(`unknownEnd must be "truncated" or "finished", not ${String(unknownEnd)}`);
  const all: ForeignModels = isLanguageModel(models) ? { chat: models } : models;
  refuseUnknown("kind of fromAiSdk", all, KINDS);
  const first = Object.values(all).find((model) => model !== undefined);
  if (first === undefined || typeof first.provider !== "string")
    throw configError("fromAiSdk takes a model of the AI SDK, or an object such as { chat: model }");
  const name = options.name ?? first.provider;
  const definition: ChatProviderDefinition = {
    name,
    model: (all.chat ?? first).modelId,
    kinds: kindsOf(all, name),
    ...(facts !== undefined && { facts }),
    ...(all.chat !== undefined && chatOf(all.chat, name, unknownEnd === "finished")),
  };
  return new AdapterProvider(definition);
}

function isLanguageModel(models: object): models is ForeignLanguageModel {
  return "doStream" in models && typeof models.doStream === "function";
}

type Answer<K extends Kind> = (request: RequestOf<K>, call: CustomCall) => Promise<ReplyOf<K>>;

function kindsOf(models: ForeignModels, name: string): NonNullable<ChatProviderDefinition["kinds"]> {
  const { embed, rerank, image, speak, transcribe } = models;
  return {
    ...(embed && { embed: guarded<"embed">(name, (request, call) => embedWith(embed, request, call)) }),
    ...(rerank && { rerank: guarded<"rerank">(name, (request, call) => rerankWith(rerank, request, call)) }),
    ...(image && { image: guarded<"image">(name, (request, call) => imageWith(image, request, call)) }),
    ...(speak && { speak: guarded<"speak">(name, (request, call) => speakWith(speak, request, call)) }),
    ...(transcribe && {
      transcribe: guarded<"transcribe">(name, (request, call) => transcribeWith(transcribe, request, call)),
    }),
  };
}

/** The same function with its errors classified. */
function guarded<K extends Kind>(name: string, answer: Answer<K>): Answer<K> {
  return async (request, call) => {
    try {
      return await answer(request, call);
    } catch (error) {
      throw classifyError(error, { provider: name, model: call.model }, call.context.clock.now());
    }
  };
}

function chatOf(
  model: ForeignLanguageModel,
  name: string,
  acceptsUnknownEnd: boolean,
): Pick<ChatProviderDefinition, "chat" | "stream"> {
  const target: Target = { provider: name, model: model.modelId };
  return {
    async chat(request: ChatRequest, call: CustomCall): Promise<CustomReply> {
      const { options, warnings } = writeCall(request, model, call);
      try {
        const result = foreign(await model.doGenerate(options as never));
        const { word, raw } = readFinish(result["finishReason"]);
        const usage = readUsage(result["usage"]);
        if (word === "error") throw new Error(`the answer ended with an error (${raw ?? "no reason"})`);
        return {
          content: asArray(result["content"]).flatMap((part) => readContent(part, model.provider)),
          finishReason: finishReasonOf(word),
          ...(raw !== undefined && { rawFinishReason: raw }),
          ...(usage !== undefined && { usage }),
          ...readResponse(result["response"]),
          warnings: [...warnings, ...readWarnings(result["warnings"])],
        };
      } catch (error) {
        throw classifyError(error, target, call.context.clock.now());
      }
    },
    async *stream(request: ChatRequest, call: CustomCall) {
      const { options, warnings } = writeCall(request, model, call);
      for (const warning of warnings) yield { type: "warning" as const, warning };
      const now = () => call.context.clock.now();
      let stream: ReadableStream<unknown>;
      try {
        ({ stream } = await model.doStream(options as never));
      } catch (error) {
        throw classifyError(error, target, now());
      }
      return yield* new StreamReader({ target, provider: model.provider, acceptsUnknownEnd, now }).read(
        stream,
      );
    },
  };
}
