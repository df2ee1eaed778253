import type { KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import { decodeRanking, rerankBody } from "../dialects/shared/cohere/rerank.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";

/** Rankings of Voyage AI: https://docs.voyageai.com/reference/reranker-api */
export const codec: KindCodec<"rerank"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const body = { model: target.model, ...rerankBody(request, "top_k", warnings) };
    if (request.maxTokensPerDocument !== undefined)
      warnings.push(leftOut("maxTokensPerDocument", "Voyage cuts documents at the model's own limit"));
    return { http: jsonPost("/rerank", body, request, target), warnings };
  },
  decode: decodeRanking,
};
