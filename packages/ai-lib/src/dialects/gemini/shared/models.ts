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

/** The kinds of call by the method that serves them. */
const KINDS: Readonly<Record<string, string>> = {
  generateContent: "chat",
  embedContent: "embed",
  countTokens: "countTokens",
};

/** The models of a reply, each with its kinds. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["models"])
    .filter(isObject)
    .flatMap((model) => {
      const id = asString(model["name"])?.replace(/^models\//, "");
      return id === undefined ? [] : [infoOf(id, model, target.provider)];
    });
}

function infoOf(id: string, model: JsonObject, provider: string): ModelInfo {
  const { thinking } = model;
  const methods = model["supportedGenerationMethods"];
  return {
    id,
    provider,
    ...defined({
      name: asString(model["displayName"]),
      contextWindow: asNumber(model["inputTokenLimit"]),
      maxOutputTokens: asNumber(model["outputTokenLimit"]),
      reasoning: typeof thinking === "boolean" ? thinking : undefined,
      kinds: Array.isArray(methods) ? kindsOf(methods) : undefined,
    }),
  };
}

function kindsOf(methods: readonly unknown[]): readonly string[] {
  return methods.flatMap((method) =>
    typeof method === "string" && Object.hasOwn(KINDS, method) ? (KINDS[method] ?? []) : [],
  );
}

/** A list of models as a server answers it. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  return reply({ models: models.map(modelObject) });
}

/** One model. https://ai.google.dev/api/models#method:-models.get */
export function encodeModel(model: ModelInfo): HttpReply {
  return reply(modelObject(model));
}

function reply(body: JsonObject): HttpReply {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  return { status: 200, headers, body: JSON.stringify(body) };
}

function modelObject({ id, name, contextWindow, maxOutputTokens, reasoning, kinds }: ModelInfo): JsonObject {
  return {
    name: `models/${id}`,
    displayName: name ?? id,
    ...defined({ inputTokenLimit: contextWindow, outputTokenLimit: maxOutputTokens, thinking: reasoning }),
    supportedGenerationMethods:
      kinds === undefined
        ? ["generateContent", "countTokens"]
        : Object.keys(KINDS).filter((method) => kinds.includes(KINDS[method] ?? "")),
  };
}
