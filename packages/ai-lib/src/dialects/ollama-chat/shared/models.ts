import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
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
    modified_at: modifiedAt(createdAt),
    size: 0,
    digest: "",
    details: DETAILS,
  }));
  return reply({ models: listed });
}

/** The path that shows one model, which the body names. https://docs.ollama.com/api/show */
export const SHOW_PATH = "/api/show";

/** The name of a model to show; older clients call the field `name`. */
export function shownModel({ body }: HttpRequest): string {
  const asked = asObject(tryParse(body ?? ""));
  const id = asString(asked?.["model"]) ?? asString(asked?.["name"]);
  if (id === undefined) throw invalidRequest("`model` is missing");
  return id;
}

/** One model as a server shows it: facts of its file are unknown, and what is unknown of its abilities is left out. */
export function encodeModel({
  createdAt,
  contextWindow,
  tools,
  reasoning,
  input,
  kinds,
}: ModelInfo): HttpReply {
  const capabilities = kinds === undefined || kinds.includes("chat") ? ["completion"] : [];
  if (kinds?.includes("embed") === true) capabilities.push("embedding");
  if (tools === true) capabilities.push("tools");
  if (reasoning === true) capabilities.push("thinking");
  if (input?.includes("image") === true) capabilities.push("vision");
  return reply({
    details: DETAILS,
    model_info: contextWindow === undefined ? {} : { "general.context_length": contextWindow },
    capabilities,
    modified_at: modifiedAt(createdAt),
  });
}

const DETAILS: JsonObject = {
  parent_model: "",
  format: "",
  family: "",
  families: [],
  parameter_size: "",
  quantization_level: "",
};

function modifiedAt(createdAt: number | undefined): string {
  return new Date(createdAt ?? 0).toISOString();
}

function reply(body: JsonObject): HttpReply {
  const headers = { "content-type": "application/json; charset=utf-8" };
  return { status: 200, headers, body: JSON.stringify(body) };
}
