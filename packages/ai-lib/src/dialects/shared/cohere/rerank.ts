import type { DialectTarget, KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { rerankLaws } from "../../../core/kinds/rerank.js";
import type { Warning } from "../../../core/values/answer.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type {
  RerankDocument,
  RerankReply,
  RerankRequest,
  RerankResponse,
} from "../../../core/values/rerank.js";
import { tokenCount } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../common/body-fields.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonPost, jsonReply } from "../common/json-post.js";
import { bodyOf, leftOut } from "../common/kind-requests.js";
import { markedUsage } from "../common/usage-mark.js";

/**
 * Rankings as Cohere serves them (https://docs.cohere.com/v2/reference/rerank), and after it Jina, Together, OpenRouter,
 * vLLM and llama.cpp.
 */
export const rerankCodec: KindCodec<"rerank"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const body: MutableJson = { model: target.model, ...rerankBody(request, "top_n", warnings) };
    if (request.maxTokensPerDocument !== undefined) body["max_tokens_per_doc"] = request.maxTokensPerDocument;
    return { http: jsonPost("/rerank", body, request, target), warnings };
  },
  decode: decodeRanking,
};

/** The query, the documents and how many are wanted. */
export function rerankBody(
  { query, documents, topN, user }: RerankRequest,
  topField: string,
  warnings: Warning[],
): MutableJson {
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  const body: MutableJson = { query, documents: documents.map(textOf) };
  if (topN !== undefined) body[topField] = topN;
  return body;
}

/** A document as a text. */
export function textOf(document: RerankDocument): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

/**
 * Reads a ranking in any known shape: a list `results` or `data`, scores as `relevance_score` or `relevanceScore`, and
 * searches or tokens for usage.
 * @throws {AiLibError} `INVALID_RESPONSE` for a reply without a list.
 */
export function decodeRanking(reply: HttpReply, _target: DialectTarget, request: RerankRequest): RerankReply {
  const body = parseBody(reply.body);
  const list = body["results"] ?? body["data"];
  if (!Array.isArray(list)) throw noRanking(reply.body);
  const results = list.filter(isObject).map((row) => {
    const index = asNumber(row["index"]);
    const score =
      asNumber(row["relevance_score"]) ?? asNumber(row["relevanceScore"]) ?? asNumber(row["score"]);
    const known =
      index !== undefined && Number.isInteger(index) && index >= 0 && index < request.documents.length;
    if (!known || score === undefined) throw noRanking(reply.body);
    return { index, score };
  });
  const usage = asObject(body["usage"]);
  const tokens = tokenCount(usage?.["prompt_tokens"]) ?? tokenCount(usage?.["total_tokens"]);
  const searches =
    tokenCount(asObject(asObject(body["meta"])?.["billed_units"])?.["search_units"]) ??
    tokenCount(usage?.["search_units"]);
  return {
    results,
    ...defined({
      id: asString(body["id"]),
      model: nonEmpty(body["model"]),
      searchUnits: searches,
      usage: usageOf(tokens, searches, usage),
    }),
  };
}

/** If searches are billed, tokens are not. */
function usageOf(tokens: number | undefined, searches: number | undefined, raw: JsonObject | undefined) {
  if (tokens === undefined && searches === undefined) return undefined;
  return { inputTokens: tokens ?? 0, outputTokens: 0, ...(raw === undefined ? {} : { raw }) };
}

function noRanking(body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned no ranking of the documents",
    body,
  });
}

/** The server half of {@link rerankCodec}, whose key of extensions is `dialect`. */
export const rerankServer: ServerKindCodec<"rerank"> = {
  laws: rerankLaws,
  matches: ({ method, path }) => method === "POST" && /(^|\/)rerank$/.test(path),
  decode: decodeRequest,
  encode: encodeReply,
};

const KNOWN: ReadonlySet<string> = new Set(["model", "query", "documents", "top_n", "max_tokens_per_doc"]);

/** @throws {AiLibError} `INVALID_REQUEST` for a body without a query or documents. */
function decodeRequest(http: HttpRequest): RerankRequest {
  const body = bodyOf(http.body);
  const query = asString(body["query"]);
  if (query === undefined) throw invalidRequest("`query` must be a text");
  return {
    ...defined({ model: asString(body["model"]) }),
    query,
    documents: asArray(body["documents"]).map(documentOf),
    ...defined({
      topN: asNumber(body["top_n"]),
      maxTokensPerDocument: asNumber(body["max_tokens_per_doc"]),
    }),
    ...extensionsOf("cohere-chat", unknownFields(body, KNOWN)),
  };
}

/** Jina's clients and older ones of Cohere send objects with a text. */
function documentOf(document: unknown): RerankDocument {
  if (typeof document === "string") return document;
  const object = asObject(document);
  if (object === undefined) throw invalidRequest("`documents` must be a list of texts or objects");
  return asString(object["text"]) ?? object;
}

function encodeReply(response: RerankResponse): HttpReply {
  const { id, model, results, searchUnits, usage } = response;
  const body = {
    id,
    model,
    results: results.map(({ index, score }) => ({ index, relevance_score: score })),
    meta: { api_version: { version: "2" }, billed_units: { search_units: searchUnits ?? 1 } },
    usage: markedUsage({ prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens }, response),
  };
  return jsonReply(body);
}
