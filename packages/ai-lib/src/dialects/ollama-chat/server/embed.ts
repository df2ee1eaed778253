import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { embedLaws } from "../../../core/kinds/embed.js";
import type { EmbedRequest, EmbedResponse } from "../../../core/values/embedding.js";
import { asNumber, asString } from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { DIALECT, EMBED_PATH } from "../shared/family.js";

const KNOWN: ReadonlySet<string> = new Set(["model", "input", "dimensions", "truncate"]);

/** The server half of Ollama's embeddings: https://docs.ollama.com/api/embed */
export const embedServer: ServerKindCodec<"embed"> = {
  laws: embedLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith(EMBED_PATH),
  decode,
  encode,
};

/** @throws {AiLibError} `INVALID_REQUEST` for a body without inputs. */
function decode(http: HttpRequest): EmbedRequest {
  const body = bodyOf(http.body);
  return {
    ...defined({ model: asString(body["model"]) }),
    inputs: inputsOf(body["input"]),
    ...defined({ dimensions: asNumber(body["dimensions"]) }),
    truncate: body["truncate"] === false ? "none" : "end",
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

function inputsOf(input: unknown): readonly string[] {
  if (typeof input === "string") return [input];
  if (Array.isArray(input) && input.length > 0 && input.every((each) => typeof each === "string"))
    return input as readonly string[];
  throw invalidRequest("`input` must be a text or a list of texts");
}

function encode(response: EmbedResponse): HttpReply {
  const { model, embeddings, usage } = response;
  const body = { model, embeddings, ...markedUsage({ prompt_eval_count: usage.inputTokens }, response) };
  return jsonReply(body);
}
