import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asObject, asString, type JsonObject } from "../../../core/values/json.js";
import type { Modality, ModelInfo } from "../../../core/values/model.js";
import { defined, positive } from "../../shared/common/body-fields.js";
import { jsonReply } from "../../shared/common/json-post.js";

/**
 * Models are listed by the first version of the API alone, which exists beside the second.
 * https://docs.cohere.com/reference/list-models
 */
export function encodeModelsRequest(): HttpRequest {
  return {
    method: "GET",
    path: "/../v1/models",
    query: { page_size: "1000" },
    headers: { accept: "application/json" },
  };
}

/** Decodes the list, which has the context window and the features of each model. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["models"]).flatMap((entry) => {
    const model = asObject(entry);
    const id = asString(model?.["name"]);
    if (model === undefined || id === undefined) return [];
    const features = Array.isArray(model["features"]) ? asArray(model["features"]) : undefined;
    const input: Modality[] = features?.includes("vision") === true ? ["text", "image"] : ["text"];
    return [
      {
        id,
        provider: target.provider,
        ...defined({
          contextWindow: positive(model["context_length"]),
          kinds: kindsOf(model["endpoints"]),
        }),
        ...(features === undefined
          ? {}
          : {
              input,
              tools: features.includes("tools"),
              structuredOutput: features.includes("json_schema"),
              reasoning: features.includes("reasoning"),
            }),
      },
    ];
  });
}

/** The kinds of call by the endpoints that the vendor names. */
const KINDS: Readonly<Record<string, string>> = {
  chat: "chat",
  embed: "embed",
  rerank: "rerank",
  transcribe: "transcribe",
};

function kindsOf(endpoints: unknown): readonly string[] | undefined {
  const kinds = asArray(endpoints).flatMap((name) =>
    typeof name === "string" && Object.hasOwn(KINDS, name) ? (KINDS[name] ?? []) : [],
  );
  return kinds.some((kind) => kind !== "chat") ? kinds : undefined;
}

/** The reply to a request that lists models. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  return jsonReply({ models: models.map(modelObject) });
}

/** One model. https://docs.cohere.com/reference/get-model */
export function encodeModel(model: ModelInfo): HttpReply {
  return jsonReply(modelObject(model));
}

function modelObject(model: ModelInfo): JsonObject {
  return {
    name: model.id,
    endpoints: ["chat"],
    finetuned: false,
    context_length: model.contextWindow ?? 0,
    ...featuresOf(model),
  };
}

function featuresOf(model: ModelInfo): { readonly features?: readonly string[] } {
  const { input, tools, structuredOutput, reasoning } = model;
  if ([input, tools, structuredOutput, reasoning].every((fact) => fact === undefined)) return {};
  const features: string[] = [];
  if (input?.includes("image") === true) features.push("vision");
  if (tools === true) features.push("tools");
  if (structuredOutput === true) features.push("json_schema");
  if (reasoning === true) features.push("reasoning");
  return { features };
}
