import type { DocumentInterface } from "@langchain/core/documents";
import { BaseDocumentCompressor } from "@langchain/core/retrievers/document_compressors";
import type { CallOptions } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { requireProvider } from "../../core/contract/require-provider.js";
import { configError } from "../../core/errors/error.js";
import { thrownError } from "./errors.js";

/** Fields of {@link AiLibReranker}. */
export interface AiLibRerankerFields {
  readonly provider: ChatProvider;
  /** Default: that of whichever provider answers. */
  readonly model?: string | undefined;
  /** The number of most relevant documents to return. Default: all, in order. */
  readonly topN?: number | undefined;
  /** Options of every call. */
  readonly call?: CallOptions | undefined;
}

/**
 * A provider that orders documents by relevance, as a document compressor of LangChain. `metadata.relevanceScore` of
 * each document has its score.
 *
 * @example
 * const reranker = new AiLibReranker({ provider: provider("cohere"), topN: 3 });
 * // const best = await reranker.compressDocuments(documents, "What is warm?");
 */
export class AiLibReranker extends BaseDocumentCompressor {
  private readonly fields: AiLibRerankerFields;

  /** @throws {AiLibError} `CONFIG_ERROR` for a provider that orders no documents. */
  constructor(fields: AiLibRerankerFields) {
    super();
    requireProvider("AiLibReranker", fields.provider);
    if (fields.provider.rerank === undefined)
      throw configError(`The provider "${fields.provider.name}" orders no documents`);
    this.fields = fields;
  }

  async compressDocuments(documents: DocumentInterface[], query: string): Promise<DocumentInterface[]> {
    const ranked = await this.rerank(
      documents.map(({ pageContent }) => pageContent),
      query,
    );
    return ranked.flatMap(({ index, relevanceScore }) => {
      const document = documents[index];
      return document === undefined
        ? []
        : [{ ...document, metadata: { ...document.metadata, relevanceScore } } as DocumentInterface];
    });
  }

  /** Places of texts in falling order of relevance, with scores. */
  async rerank(
    documents: readonly string[],
    query: string,
  ): Promise<{ index: number; relevanceScore: number }[]> {
    const { provider, model, topN, call } = this.fields;
    if (documents.length === 0) return [];
    try {
      const response = await provider.rerank?.(
        { documents, query, ...(model !== undefined && { model }), ...(topN !== undefined && { topN }) },
        call,
      );
      return (response?.results ?? []).map(({ index, score }) => ({ index, relevanceScore: score }));
    } catch (error) {
      throw thrownError(error);
    }
  }
}
