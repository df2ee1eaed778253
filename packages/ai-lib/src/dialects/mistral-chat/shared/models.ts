import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asNumber, asObject, asString, isObject } from "../../../core/values/json.js";
import type { Modality, ModelInfo } from "../../../core/values/model.js";

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
    const contextWindow = asNumber(entry["max_context_length"]);
    const created = asNumber(entry["created"]);
    const name = asString(entry["name"]);
    const ownedBy = asString(entry["owned_by"]);
    const input: Modality[] = ["text"];
    if (can?.["vision"] === true) input.push("image");
    if (can?.["audio"] === true) input.push("audio");
    return [
      {
        id,
        provider: target.provider,
        ...(name === undefined ? {} : { name }),
        ...(created === undefined || created <= 0 ? {} : { createdAt: created * 1000 }),
        ...(ownedBy === undefined ? {} : { ownedBy }),
        ...(contextWindow === undefined ? {} : { contextWindow }),
        ...(can === undefined ? {} : { input }),
        ...(typeof can?.["function_calling"] === "boolean" ? { tools: can["function_calling"] } : {}),
        ...(typeof can?.["reasoning"] === "boolean" ? { reasoning: can["reasoning"] } : {}),
      },
    ];
  });
}

/** The reply to a request that lists models. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  const data = models.map((model) => ({
    id: model.id,
    object: "model",
    created: Math.floor((model.createdAt ?? 0) / 1000),
    owned_by: model.ownedBy ?? "mistralai",
    type: "base",
    ...(model.name === undefined ? {} : { name: model.name }),
    ...(model.contextWindow === undefined ? {} : { max_context_length: model.contextWindow }),
    capabilities: {
      completion_chat: true,
      ...(model.tools === undefined ? {} : { function_calling: model.tools }),
      ...(model.reasoning === undefined ? {} : { reasoning: model.reasoning }),
      ...(model.input === undefined
        ? {}
        : { vision: model.input.includes("image"), audio: model.input.includes("audio") }),
    },
  }));
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ object: "list", data }),
  };
}
