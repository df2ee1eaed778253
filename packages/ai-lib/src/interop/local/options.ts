import type { ModelFacts } from "../../core/values/model.js";

/** Options of `localModel`; all optional. */
export interface LocalModelOptions {
  /** The name of the provider in attempt logs and errors. Default `"local"`. */
  readonly name?: string | undefined;
  /**
   * Tokens of one conversation, prompt and answer together. Default: as many as the memory allows, up to those that the
   * model was trained on.
   */
  readonly contextSize?: number | undefined;
  /** How many calls run at the same time, each with memory of its own; others wait. Default 1. */
  readonly sequences?: number | undefined;
  /** Threads of the processor. Default: chosen by llama.cpp. */
  readonly threads?: number | undefined;
  /** The graphics processor to use, or `false` for none. Default: the best that there is. */
  readonly gpu?: "auto" | "metal" | "cuda" | "vulkan" | false | undefined;
  /** Receives the progress of loading, from 0 to 1. */
  readonly onLoad?: ((share: number) => void) | undefined;
  readonly facts?: ModelFacts | undefined;
}
