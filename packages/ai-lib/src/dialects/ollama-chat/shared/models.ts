import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asString, isObject } from "../../../core/values/json.js";
import type { ModelInfo } from "../../../core/values/model.js";
import { TAGS_PATH } from "./family.js";

/** The request that lists the models on the machine. https://docs.ollama.com/api/tags */
export function encodeModelsRequest(): HttpRequest {
  return { method: "GET", path: TAGS_PATH, headers: {} };
}

/** The models of a reply. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["models"])
    .filter(isObject)
    .flatMap((model) => {
      const id = asString(model["model"]) ?? asString(model["name"]);
      if (id === undefined) return [];
      const createdAt = Date.parse(asString(model["modified_at"]) ?? "");
      return [{ id, provider: target.provider, ...(Number.isNaN(createdAt) ? {} : { createdAt }) }];
    });
}

/** A list of models as a server answers it. */
export function encodeModels(models: readonly ModelInfo[]): HttpReply {
  const listed = models.map(({ id, createdAt }) => ({
    name: id,
    model: id,
    modified_at: new Date(createdAt ?? 0).toISOString(),
    size: 0,
    digest: "",
    details: {
      parent_model: "",
      format: "",
      family: "",
      families: [],
      parameter_size: "",
      quantization_level: "",
    },
  }));
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ models: listed }),
  };
}
