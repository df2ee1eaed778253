import { statSync } from "node:fs";
import { AiLibError } from "../../core/errors/error.js";
import {
  type Chat,
  type EmbeddingContext,
  importLlama,
  type Llama,
  type LlamaModule,
  type Model,
  type Sequence,
} from "./llama.js";
import type { LocalModelOptions } from "./options.js";

/** Tokens that a model puts around a text: its start and its end. */
const OWN_TOKENS = 2;

/** A model in memory, with the conversations that can run at the same time. */
export interface Loaded {
  readonly llama: Llama;
  readonly model: Model;
  /** Tokens of one conversation, prompt and answer together. */
  readonly contextSize: number;
}

/** Loads a model with the first call, and lends its sequences to calls. */
export class Engine {
  private loading: Promise<Loaded> | undefined;
  private embedding: Promise<EmbeddingContext> | undefined;
  private module: LlamaModule | undefined;
  private readonly free: Sequence[] = [];
  private readonly waiting: ((sequence: Sequence) => void)[] = [];
  private closed = false;

  constructor(
    private readonly path: string,
    private readonly options: LocalModelOptions,
  ) {}

  /**
   * The loaded model. A failed attempt is repeated with the next call.
   * @throws {AiLibError} `MODEL_NOT_FOUND` for a file that is missing or no model, `CONFIG_ERROR` without node-llama-cpp.
   */
  load(): Promise<Loaded> {
    if (this.closed) throw this.error("MODEL_NOT_FOUND", "is closed");
    this.loading ??= this.loadNow().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** Runs a function with a sequence of its own; waits while all are in use. */
  async withChat<T>(signal: AbortSignal, run: (chat: Chat, sequence: Sequence) => Promise<T>): Promise<T> {
    const sequence = this.free.pop() ?? (await this.nextFree(signal));
    const { LlamaChat } = this.module as LlamaModule;
    const chat = new LlamaChat({ contextSequence: sequence });
    try {
      return await run(chat, sequence);
    } finally {
      chat.dispose();
      const next = this.waiting.shift();
      if (next === undefined) this.free.push(sequence);
      else next(sequence);
    }
  }

  /** A context for embeddings of its own, made with the first of them. */
  async embedder(): Promise<EmbeddingContext> {
    const { model } = await this.load();
    const { threads, contextSize } = this.options;
    this.embedding ??= model.createEmbeddingContext({ threads, contextSize });
    return this.embedding;
  }

  /** The most tokens of a text that is embedded; the model puts its own before and behind it. */
  embeddingTokens({ trainContextSize }: Model): number {
    return Math.min(this.options.contextSize ?? trainContextSize, trainContextSize) - OWN_TOKENS;
  }

  /** Frees the memory. Calls that run end with an error. */
  async close(): Promise<void> {
    this.closed = true;
    const { loading, embedding } = this;
    this.loading = this.embedding = undefined;
    await (await embedding?.catch(() => undefined))?.dispose();
    const loaded = await loading?.catch(() => undefined);
    await loaded?.model.dispose();
    await loaded?.llama.dispose();
  }

  private async loadNow(): Promise<Loaded> {
    const { path } = this;
    const { gpu, threads, sequences = 1, contextSize, onLoad } = this.options;
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      throw this.error("MODEL_NOT_FOUND", "does not exist");
    this.module = await importLlama();
    // A compiler is never started from here: what the package brings has to do.
    const llama = await this.module.getLlama({ gpu, build: "never", logLevel: "error", maxThreads: threads });
    try {
      const model = await llama.loadModel({ modelPath: path, onLoadProgress: onLoad });
      const context = await model.createContext({ sequences, contextSize, threads });
      for (let i = 0; i < sequences; i++) this.free.push(context.getSequence());
      return { llama, model, contextSize: context.contextSize };
    } catch (error) {
      await llama.dispose();
      throw this.error("MODEL_NOT_FOUND", `cannot be loaded: ${(error as Error).message}`, error);
    }
  }

  private nextFree(signal: AbortSignal): Promise<Sequence> {
    return new Promise((resolve, reject) => {
      const take = (sequence: Sequence): void => {
        signal.removeEventListener("abort", leave);
        resolve(sequence);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(take), 1);
        reject(signal.reason);
      };
      this.waiting.push(take);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  private error(code: "MODEL_NOT_FOUND", what: string, cause?: unknown): AiLibError {
    return new AiLibError({ code, message: `The model "${this.path}" ${what}`, local: true, cause });
  }
}
