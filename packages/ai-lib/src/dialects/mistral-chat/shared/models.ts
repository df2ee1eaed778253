import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Modality, ModelInfo } from "../../../core/values/model.js";
import { defined, positive } from "../../shared/common/body-fields.js";
import { jsonReply } from "../../shared/common/json-post.js";

/** https://docs.mistral.ai/api/endpoint/models */
export function encodeModelsRequest(): HttpRequest {
  return { method: "GET", path: "/models", headers: { accept: "application/json" } };
}

/** Decodes the list, which has the capabilities of each model. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["data"]).flatMap((entry) => {
    const id = asString(asObject(entry)?.["id"]);
    if (!isObject(entry) || id === undefined) return [];
    const can = asObject(entry["capabilities"]);
    const created = positive(entry["created"]);
    const input: Modality[] = ["text"];
    if (can?.["vision"] === true) input.push("image");
    if (can?.["audio"] === true) input.push("audio");
    return [
      {
        id,
        provider: target.provider,
        ...defined({
          name: asString(entry["name"]),
          createdAt: created === undefined ? undefined : created * 1_000,
          ownedBy: asString(entry["owned_by"]),
          contextWindow: positive(entry["max_context_length"]),
          input: can === undefined ? undefined : input,
          tools: flagOf(can?.["function_calling"]),
          reasoning: flagOf(can?.["reasoning"]),
          kinds: can === undefined ? undefined : kindsOf(can),
        }),
      },
    ];
  });
}

/** The kinds of call by the vendor's names of capabilities. Embeddings have none. */
const KINDS: Readonly<Record<string, string>> = {
  completion_chat: "chat",
  moderation: "moderate",
  audio_transcription: "transcribe",
  audio_speech: "speak",
  ocr: "ocr",
};

function kindsOf(can: JsonObject): readonly string[] | undefined {
  const kinds = Object.entries(KINDS).flatMap(([name, kind]) => (can[name] === true ? kind : []));
  return kinds.some((kind) => kind !== "chat") ? kinds : undefined;
}

function flagOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** The reply to a request that lists models. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  return jsonReply({ object: "list", data: models.map(modelObject) });
}

/** One model. https://docs.mistral.ai/api/endpoint/models */
export function encodeModel(model: ModelInfo): HttpReply {
  return jsonReply(modelObject(model));
}

function modelObject(model: ModelInfo): JsonObject {
  return {
    id: model.id,
    object: "model",
    created: Math.floor((model.createdAt ?? 0) / 1000),
    owned_by: model.ownedBy ?? "mistralai",
    type: "base",
    ...defined({ name: model.name, max_context_length: model.contextWindow }),
    capabilities: {
      completion_chat: true,
      ...defined({
        function_calling: model.tools,
        reasoning: model.reasoning,
        vision: model.input?.includes("image"),
        audio: model.input?.includes("audio"),
      }),
    },
  };
}
