import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { decodeRanking } from "../dialects/shared/cohere/rerank.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";

/**
 * Rankings of Bedrock's agent runtime, at a host of its own; `model` is the ARN of a model.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html
 */
export const codec: KindCodec<"rerank"> = {
  encode(request, target) {
    const { query, documents, topN, maxTokensPerDocument, user } = request;
    const warnings: Warning[] = [];
    if (maxTokensPerDocument !== undefined)
      warnings.push(leftOut("maxTokensPerDocument", "Bedrock cuts documents at the model's own limit"));
    if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
    const body = {
      queries: [{ type: "TEXT", textQuery: { text: query } }],
      sources: documents.map((document) => ({
        type: "INLINE",
        inlineDocumentSource:
          typeof document === "string"
            ? { type: "TEXT", textDocument: { text: document } }
            : { type: "JSON", jsonDocument: document },
      })),
      rerankingConfiguration: {
        type: "BEDROCK_RERANKING_MODEL",
        bedrockRerankingConfiguration: {
          modelConfiguration: { modelArn: target.model },
          ...(topN === undefined ? {} : { numberOfResults: topN }),
        },
      },
    };
    return { http: jsonPost("/rerank", body, request, target), warnings };
  },
  decode: decodeRanking,
};
