import { AnthropicFiles } from "./anthropic-files.js";
import { GeminiFiles } from "./gemini-files.js";
import { MistralFiles } from "./mistral-files.js";
import { OpenAiFiles } from "./openai-files.js";
import type { SimulatedService } from "./service.js";
import type { SimulatedFiles } from "./simulated-files.js";

/** What a simulator answers besides calls of models. The first service that knows a request answers it. */
export function simulatedServices(filesOf: (endpoint: string) => SimulatedFiles): SimulatedService[] {
  return [
    new GeminiFiles(filesOf),
    new AnthropicFiles(filesOf),
    new MistralFiles(filesOf),
    new OpenAiFiles(filesOf),
  ];
}
