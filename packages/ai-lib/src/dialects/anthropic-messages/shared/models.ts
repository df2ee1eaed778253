import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { asArray, asNumber, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ModelInfo } from "../../../core/values/model.js";
import { defined } from "../../shared/common/body-fields.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { API_VERSION } from "./version.js";

/** `GET /v1/models`; the longest page has 1000. https://platform.claude.com/docs/en/api/models-list */
export function encodeModels(_target: DialectTarget): HttpRequest {
  return {
    method: "GET",
    path: "/v1/models",
    query: { limit: "1000" },
    headers: { "anthropic-version": API_VERSION },
  };
}

/** The models of a page. */
export function decodeModels(reply: HttpReply, target: DialectTarget): ModelInfo[] {
  return asArray(parseBody(reply.body)["data"]).flatMap((value) => {
    if (!isObject(value)) return [];
    const id = asString(value["id"]);
    if (id === undefined) return [];
    const created = Date.parse(asString(value["created_at"]) ?? "");
    return [
      {
        id,
        provider: target.provider,
        ...defined({
          name: asString(value["display_name"]),
          createdAt: Number.isNaN(created) ? undefined : created,
          contextWindow: asNumber(value["max_input_tokens"]),
          maxOutputTokens: asNumber(value["max_tokens"]),
        }),
      },
    ];
  });
}

/** A page with all models. */
export function encodeModelPage(models: readonly ModelInfo[]): HttpReply {
  const data = models.map(modelObject);
  const page = { data, has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null };
  return jsonReply(page);
}

/** One model. https://platform.claude.com/docs/en/api/models/retrieve */
export function encodeModel(model: ModelInfo): HttpReply {
  return jsonReply(modelObject(model));
}

function modelObject(model: ModelInfo): JsonObject {
  return {
    type: "model",
    id: model.id,
    display_name: model.name ?? model.id,
    created_at: new Date(model.createdAt ?? 0).toISOString(),
    max_input_tokens: model.contextWindow ?? null,
    max_tokens: model.maxOutputTokens ?? null,
  };
}
