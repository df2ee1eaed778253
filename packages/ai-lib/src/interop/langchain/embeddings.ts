import { Embeddings, type EmbeddingsParams } from "@langchain/core/embeddings";
import type { CallOptions } from "../../core/contract/call.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { requireProvider } from "../../core/contract/require-provider.js";
import { configError } from "../../core/errors/error.js";
import type { EmbedPurpose, EmbedRequest } from "../../core/values/embedding.js";
import { thrownError } from "./errors.js";

/** Fields of {@link AiLibEmbeddings}. */
export interface AiLibEmbeddingsFields extends EmbeddingsParams {
  readonly provider: ChatProvider;
  /** Default: that of whichever provider answers. */
  readonly model?: string | undefined;
  /** Length of the vectors, where the model can shorten them. */
  readonly dimensions?: number | undefined;
  /**
   * Tells the model which texts are questions and which are documents: use it for searches; some vendors require it.
   * Default true.
   */
  readonly purpose?: boolean | undefined;
  /** Options of every call. */
  readonly call?: CallOptions | undefined;
}

/**
 * A provider as embeddings of LangChain, for vector stores and retrievers. Long lists are divided by the vendor's
 * limit.
 *
 * @example
 * const embeddings = new AiLibEmbeddings({ provider: provider("openai") });
 * // const store = await MemoryVectorStore.fromTexts(texts, {}, embeddings);
 */
export class AiLibEmbeddings extends Embeddings {
  private readonly fields: AiLibEmbeddingsFields;

  /** @throws {AiLibError} `CONFIG_ERROR` for a provider without embeddings. */
  constructor(fields: AiLibEmbeddingsFields) {
    super(fields);
    requireProvider("AiLibEmbeddings", fields.provider);
    if (fields.provider.embed === undefined)
      throw configError(`The provider "${fields.provider.name}" has no embeddings`);
    this.fields = fields;
  }

  async embedDocuments(documents: string[]): Promise<number[][]> {
    return documents.length === 0 ? [] : this.embed(documents, "document");
  }

  async embedQuery(document: string): Promise<number[]> {
    const [vector = []] = await this.embed([document], "query");
    return vector;
  }

  private async embed(inputs: readonly string[], purpose: EmbedPurpose): Promise<number[][]> {
    const { provider, model, dimensions, purpose: tells = true, call } = this.fields;
    const request: EmbedRequest = {
      inputs,
      ...(model !== undefined && { model }),
      ...(dimensions !== undefined && { dimensions }),
      ...(tells && { purpose }),
    };
    try {
      const response = await provider.embed?.(request, call);
      return (response?.embeddings ?? []).map((vector) => [...vector]);
    } catch (error) {
      throw thrownError(error);
    }
  }
}
