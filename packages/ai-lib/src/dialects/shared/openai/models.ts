import type { DialectTarget, ServerHalf } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import {
  asArray,
  asNumber,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type { ModelInfo } from "../../../core/values/model.js";
import { defined, positive } from "../common/body-fields.js";
import { jsonReply } from "../common/json-post.js";
import { isModelPath, modelIdOf } from "../common/path-segment.js";

/** The free request that lists models: https://platform.openai.com/docs/api-reference/models/list */
export function encodeModelsRequest(): HttpRequest {
  return { method: "GET", path: "/models", headers: { accept: "application/json" } };
}

/** Decodes the list. Together sends an array alone, and vendors have several names for the context window. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  const value = tryParse(reply.body);
  const list = Array.isArray(value) ? value : asArray(parseBody(reply.body)["data"]);
  const models: ModelInfo[] = [];
  for (const entry of list) {
    if (!isObject(entry)) continue;
    // Heroku: https://devcenter.heroku.com/articles/heroku-inference-api-model-endpoints
    const id = asString(entry["id"]) ?? asString(entry["model_id"]);
    if (id === undefined || id === "") continue;
    const window =
      asNumber(entry["context_window"]) ??
      asNumber(entry["context_length"]) ??
      asNumber(entry["max_model_len"]);
    const most = asNumber(entry["max_completion_tokens"]) ?? asNumber(entry["max_output_tokens"]);
    const created = positive(entry["created"]);
    models.push({
      id,
      provider: target.provider,
      ...defined({
        name: asString(entry["name"]) ?? asString(entry["display_name"]),
        createdAt: created === undefined ? undefined : created * 1_000,
        ownedBy: asString(entry["owned_by"]),
        contextWindow: positive(window),
        maxOutputTokens: positive(most),
      }),
    });
  }
  return models;
}

/** The server half of the list of models. */
export const modelsServer: NonNullable<ServerHalf["models"]> = {
  matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
  encode: encodeModels,
  // https://platform.openai.com/docs/api-reference/models/retrieve
  one: { matches: isModelPath, idOf: modelIdOf, encode: (model) => jsonReply(modelObject(model)) },
};

/** https://platform.openai.com/docs/api-reference/models/list, with the lengths that Groq and Together add. */
function encodeModels(models: readonly ModelInfo[]): HttpReply {
  return jsonReply({ object: "list", data: models.map(modelObject) });
}

function modelObject(model: ModelInfo): JsonObject {
  return {
    id: model.id,
    object: "model",
    created: Math.floor((model.createdAt ?? 0) / 1_000),
    owned_by: model.ownedBy ?? model.provider,
    ...defined({
      name: model.name,
      context_window: model.contextWindow,
      max_completion_tokens: model.maxOutputTokens,
    }),
  };
}
