import type { KindCodec } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { Warning } from "../../../core/values/answer.js";
import { decodeRanking, rerankBody } from "../../shared/cohere/rerank.js";
import { jsonPost } from "../../shared/common/json-post.js";
import { baseModelOf } from "../shared/family.js";

/**
 * Rankings of the models on Bedrock, Cohere's and Amazon's:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html
 */
export const rerankCodec: KindCodec<"rerank"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const body = rerankBody(request, "top_n", warnings);
    if (/cohere/i.test(baseModelOf(target))) {
      body["api_version"] = 2;
      if (request.maxTokensPerDocument !== undefined)
        body["max_tokens_per_doc"] = request.maxTokensPerDocument;
    }
    const path = `/model/${pathSegment(target.model, "The model")}/invoke`;
    return { http: jsonPost(path, body, request, target), warnings };
  },
  decode: decodeRanking,
};
