import { AnthropicBatches } from "./anthropic-batches.js";
import { AnthropicFiles } from "./anthropic-files.js";
import { BedrockBatches } from "./bedrock-batches.js";
import { GeminiBatches } from "./gemini-batches.js";
import { GeminiFiles } from "./gemini-files.js";
import { MistralBatches } from "./mistral-batches.js";
import { MistralFiles } from "./mistral-files.js";
import { OpenAiBackground } from "./openai-background.js";
import { OpenAiBatches } from "./openai-batches.js";
import { OpenAiFiles } from "./openai-files.js";
import type { SimulatedService } from "./service.js";
import type { SimulatedBatches } from "./simulated-batches.js";
import type { SimulatedFiles } from "./simulated-files.js";
import type { SimulatedRuns } from "./simulated-runs.js";
import { VoiceLists } from "./voice-lists.js";

/** The services of a simulator besides calls of models. The first service that recognizes a request answers it. */
export function simulatedServices(
  filesOf: (endpoint: string) => SimulatedFiles,
  batchesOf: (endpoint: string) => SimulatedBatches,
  runsOf: (endpoint: string) => SimulatedRuns,
  voices: readonly string[] = [],
): SimulatedService[] {
  return [
    new GeminiBatches(batchesOf, filesOf),
    new AnthropicBatches(batchesOf),
    new BedrockBatches(batchesOf, filesOf),
    new MistralBatches(batchesOf, filesOf),
    new OpenAiBatches(batchesOf, filesOf),
    new GeminiFiles(filesOf),
    new AnthropicFiles(filesOf),
    new MistralFiles(filesOf),
    new OpenAiFiles(filesOf),
    new OpenAiBackground(runsOf),
    new VoiceLists(voices),
  ];
}
