import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { isObject } from "../values/json.js";
import type { RerankReply, RerankRequest, RerankResponse } from "../values/rerank.js";
import { tokensOf } from "../values/usage.js";
import { adviseOnLength } from "./advise.js";
import { answerFacts } from "./answer-facts.js";
import type { KindLaws, ReplyFrame, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { checkFields, checkWhole, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "query",
  "documents",
  "topN",
  "maxTokensPerDocument",
  "minScore",
  "user",
  "extensions",
] satisfies (keyof RerankRequest)[]);

/** The rules of the kind `rerank`. */
export const rerankLaws: KindLaws<"rerank"> = {
  ...unary("rerank"),
  kind: "rerank",
  idempotent: true,
  validate,
  estimate,
  requirements: () => TEXT_ONLY,
  respond,
  refine: aboveLeast,
  explain: (error) => adviseOnLength(error, "cut the documents, or set `maxTokensPerDocument`"),
  warningsOf: (reply) => reply.warnings ?? [],
  sample,
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: RerankRequest): void {
  checkFields("a ranking", request, REQUEST_FIELDS);
  const { query, documents, topN, maxTokensPerDocument } = request;
  if (typeof query !== "string" || query === "")
    throw invalidRequest("`query` must be a text that is not empty");
  if (!Array.isArray(documents) || documents.length === 0)
    throw invalidRequest("`documents` is empty: give at least one text");
  documents.forEach((document, i) => {
    if (typeof document !== "string" && !isObject(document))
      throw invalidRequest(`\`documents.${i}\` must be a text or an object`);
  });
  checkWhole("topN", topN, 0);
  checkLeastScore(request);
  checkWhole("maxTokensPerDocument", maxTokensPerDocument, 1);
}

/** A threshold is a number of one model. */
function checkLeastScore({ minScore, model }: RerankRequest): void {
  if (minScore === undefined) return;
  if (typeof minScore !== "number" || !Number.isFinite(minScore))
    throw invalidRequest(`\`minScore\` must be a number, not ${String(minScore)}`);
  if (model === undefined || model === "" || model === "auto")
    throw invalidRequest(
      "`minScore` needs `model`: scores of different models cannot be compared, and without it any model may answer",
    );
}

/** The results that reach the caller's threshold. */
function aboveLeast(response: RerankResponse, { minScore }: RerankRequest): RerankResponse {
  return minScore === undefined
    ? response
    : { ...response, results: response.results.filter(({ score }) => score >= minScore) };
}

/** Each document is read with the query. */
function estimate({ query, documents }: RerankRequest): TokenEstimate {
  let characters = query.length * documents.length;
  for (const document of documents)
    characters += typeof document === "string" ? document.length : JSON.stringify(document).length;
  return { inputTokens: tokensOf(characters), outputTokens: 0, units: { searches: 1 } };
}

function respond(reply: RerankReply, warnings: readonly Warning[], frame: ReplyFrame): RerankResponse {
  const facts = answerFacts(reply, warnings, frame);
  return {
    ...facts,
    results: [...reply.results].sort((a, b) => b.score - a.score),
    ...(reply.searchUnits === undefined ? {} : { searchUnits: reply.searchUnits }),
    ...(reply.searchUnits !== undefined && {
      usage: { ...facts.usage, units: { searches: reply.searchUnits } },
    }),
  };
}

/** Every document, the most relevant first: by how many words of the query it has. */
function sample({ query, documents, topN }: RerankRequest): RerankReply {
  const words = new Set(query.toLowerCase().split(/\W+/));
  const results = documents.map((document, index) => {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    const found = text
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => words.has(word)).length;
    return { index, score: found / (found + 1) };
  });
  results.sort((a, b) => b.score - a.score);
  return {
    results: results.slice(0, topN),
    searchUnits: 1,
    usage: { inputTokens: documents.length, outputTokens: 0 },
  };
}
