/// <reference path="./node-llama-cpp.d.ts" />
import { AiLibError } from "../../core/errors/error.js";
import type { Json, JsonObject } from "../../core/values/json.js";

// The part of node-llama-cpp 3 that is used here, so that its types need not be installed:
// https://node-llama-cpp.withcat.ai/api/

/** A piece of the history of a chat. */
export type HistoryItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly (string | FunctionCallItem | SegmentItem)[] };

export interface FunctionCallItem {
  readonly type: "functionCall";
  readonly name: string;
  readonly params: Json;
  readonly result: Json;
}

export interface SegmentItem {
  readonly type: "segment";
  readonly segmentType: "thought" | "comment";
  readonly text: string;
  readonly ended: boolean;
}

export interface Grammar {
  readonly grammar?: string;
}

export interface ResponseChunk {
  readonly type: "segment" | undefined;
  readonly segmentType: "thought" | "comment" | undefined;
  readonly text: string;
}

export interface ParamsChunk {
  readonly callIndex: number;
  readonly functionName: string;
  readonly paramsChunk: string;
  readonly done: boolean;
}

export interface Functions {
  readonly [name: string]: { readonly description?: string; readonly params: JsonObject };
}

export interface GenerateOptions {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly seed?: number | undefined;
  readonly customStopTriggers?: readonly string[] | undefined;
  readonly repeatPenalty?:
    | { readonly frequencyPenalty?: number | undefined; readonly presencePenalty?: number | undefined }
    | undefined;
  readonly budgets?: { readonly thoughtTokens: number } | undefined;
  readonly grammar?: Grammar | undefined;
  readonly functions?: Functions | undefined;
  readonly onResponseChunk: (chunk: ResponseChunk) => void;
  readonly onFunctionCallParamsChunk?: ((chunk: ParamsChunk) => void) | undefined;
}

export interface Generated {
  readonly functionCalls?: readonly { readonly functionName: string; readonly params: Json }[];
  readonly metadata: { readonly stopReason: string };
}

interface TokenMeterState {
  readonly usedInputTokens: number;
  readonly usedOutputTokens: number;
}

export interface Sequence {
  readonly tokenMeter: {
    getState(): TokenMeterState;
    diff(before: TokenMeterState): TokenMeterState;
  };
}

export interface Context {
  readonly contextSize: number;
  getSequence(): Sequence;
}

/** A text with special tokens. */
interface LlamaText {
  tokenize(tokenizer: unknown): readonly number[];
}

export interface Chat {
  readonly chatWrapper: {
    generateContextState(state: {
      readonly chatHistory: readonly HistoryItem[];
      readonly availableFunctions?: Functions | undefined;
      readonly documentFunctionParams?: boolean;
    }): { readonly contextText: LlamaText };
  };
  generateResponse(history: readonly HistoryItem[], options: GenerateOptions): Promise<Generated>;
  dispose(): void;
}

export interface EmbeddingContext {
  getEmbeddingFor(input: readonly number[]): Promise<{ readonly vector: readonly number[] }>;
  dispose(): Promise<void>;
}

export interface Model {
  readonly tokenizer: unknown;
  readonly trainContextSize: number;
  tokenize(text: string): readonly number[];
  createContext(options: {
    readonly sequences: number;
    readonly contextSize?: number | undefined;
    readonly threads?: number | undefined;
  }): Promise<Context>;
  createEmbeddingContext(options: {
    readonly threads?: number | undefined;
    readonly contextSize?: number | undefined;
  }): Promise<EmbeddingContext>;
  dispose(): Promise<void>;
}

export interface Llama {
  loadModel(options: {
    readonly modelPath: string;
    readonly onLoadProgress?: ((share: number) => void) | undefined;
  }): Promise<Model>;
  createGrammarForJsonSchema(schema: JsonObject): Promise<Grammar>;
  getGrammarFor(type: "json"): Promise<Grammar>;
  dispose(): Promise<void>;
}

/** The module node-llama-cpp. */
export interface LlamaModule {
  getLlama(options: {
    readonly gpu?: string | false | undefined;
    readonly build: "never";
    readonly logLevel: "error";
    readonly maxThreads?: number | undefined;
  }): Promise<Llama>;
  readonly LlamaChat: new (options: { readonly contextSequence: Sequence }) => Chat;
}

/**
 * Loads the optional package.
 * @throws {AiLibError} `CONFIG_ERROR` that says how to install it.
 */
export async function importLlama(): Promise<LlamaModule> {
  try {
    return (await import("node-llama-cpp")) as LlamaModule;
  } catch (error) {
    throw new AiLibError({
      code: "CONFIG_ERROR",
      message:
        "ai-lib/local needs the package node-llama-cpp, which is not installed: npm install node-llama-cpp",
      local: true,
      cause: error,
    });
  }
}
