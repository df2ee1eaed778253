import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asNumber, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ModelInfo } from "../../../core/values/model.js";
import { defined } from "../../shared/common/body-fields.js";

/** The request for the largest page of models. https://ai.google.dev/api/models#method:-models.list */
export function encodeModelsRequest(): HttpRequest {
  return { method: "GET", path: "/models", query: { pageSize: "1000" }, headers: {} };
}

/** The models of a reply that serve `generateContent`; embedding models are left out. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["models"])
    .filter(isObject)
    .flatMap((model) => {
      const id = asString(model["name"])?.replace(/^models\//, "");
      const methods = model["supportedGenerationMethods"];
      const chats = !Array.isArray(methods) || methods.includes("generateContent");
      return id === undefined || !chats ? [] : [infoOf(id, model, target.provider)];
    });
}

function infoOf(id: string, model: JsonObject, provider: string): ModelInfo {
  const { thinking } = model;
  return {
    id,
    provider,
    ...defined({
      name: asString(model["displayName"]),
      contextWindow: asNumber(model["inputTokenLimit"]),
      maxOutputTokens: asNumber(model["outputTokenLimit"]),
      reasoning: typeof thinking === "boolean" ? thinking : undefined,
    }),
  };
}

/** A list of models as a server answers it. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  const listed = models.map(({ id, name, contextWindow, maxOutputTokens, reasoning }) => ({
    name: `models/${id}`,
    displayName: name ?? id,
    inputTokenLimit: contextWindow,
    outputTokenLimit: maxOutputTokens,
    supportedGenerationMethods: ["generateContent", "countTokens"],
    thinking: reasoning,
  }));
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: JSON.stringify({ models: listed }),
  };
}
