import type { ProviderData } from "../endpoint/data.js";
import { openAi } from "./openai.js";

/**
 * OpenAI, over the Responses API: its own tools (web search, code interpreter, computer use) live here.
 */
export const openAiResponses = {
  ...openAi,
  id: "openai-responses",
  label: "OpenAI (Responses)",
  preferred: null,
  telemetryName: "openai",
  dialect: "openai-responses",
  ownDialect: true,
  keyEnv: ["OPENAI_API_KEY"],
  baseUrlEnv: ["OPENAI_BASE_URL"],
  quirks: {
    stateFamily: "openai",
    background: true,
    byModel: [
      // As over Chat Completions; models that always reason are asked for what must go back.
      {
        match: ["gpt-6.1-*", "gpt-6.2-*"],
        quirks: {
          reasoningEfforts: ["low", "medium", "high", "xhigh", "max"],
          noSamplingWithReasoning: true,
          encryptedReasoning: true,
          cacheBreakpoints: true,
        },
      },
      { match: ["gpt-5-chat*", "gpt-4*", "gpt-3.5*", "chatgpt-*"], quirks: { omit: ["reasoning"] } },
      {
        match: ["gpt-5.6*", "gpt-6-astra*"],
        quirks: { noSamplingWithReasoning: true, encryptedReasoning: true, cacheBreakpoints: true },
      },
      { match: ["gpt-5*"], quirks: { noSamplingWithReasoning: true, encryptedReasoning: true } },
      { match: ["gpt-6*"], quirks: { noSamplingWithReasoning: true, cacheBreakpoints: true } },
      {
        match: ["o1*", "o3*", "o4*"],
        quirks: {
          reasoningEfforts: ["low", "medium", "high"],
          noSamplingWithReasoning: true,
          encryptedReasoning: true,
        },
      },
    ],
  },
} as const satisfies ProviderData;
