import type { ProviderData } from "../endpoint/data.js";

/** OpenAI, over Chat Completions; `openai-responses` is the same account over the Responses API. */
export const openAi = {
  id: "openai",
  label: "OpenAI",
  preferred: 1,
  priceId: "openai",
  dialect: "openai-chat",
  ownDialect: true,
  baseUrl: "https://api.openai.com/v1",
  keyUrl: "https://platform.openai.com/api-keys",
  model: "gpt-6.2-sol",
  kinds: {
    embed: { model: "text-embedding-3-small" },
    moderate: { model: "omni-moderation-latest" },
    countTokens: { api: "openai-input-tokens" },
    transcribe: { model: "gpt-4o-transcribe" },
    // The voices: the declarations of the npm package openai 7.59.0, read on 2026-11-28.
    speak: {
      model: "gpt-4o-mini-tts",
      voices: {
        default: "alloy",
        // biome-ignore format: a list
        names: ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer", "verse", "marin", "cedar"],
        more: true,
      },
    },
    image: { model: "gpt-image-1" },
    // The one model that the API takes: the declarations of the npm package openai 7.59.0.
    decide: { model: "gpt-6-luna" },
  },
  // Models since GPT-5.6 answer 400 to function tools over Chat Completions unless the effort is "none", which GPT-6.1
  // and GPT-6.2 refuse; `openai-responses` takes both
  // (https://community.openai.com/t/gpt-5-6-chat-completion-reasoning-effort-bug-behavior-change/1386454).
  // biome-ignore format: a table, one model a line
  models: {
    "gpt-6.2-sol": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "gpt-6.1-sol": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "gpt-6-luna": { contextWindow: 1_050_000, input: ["text", "image", "pdf"], tools: true },
    "gpt-6-astra": { contextWindow: 1_050_000, maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "gpt-6.1-terra": { maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
    "gpt-5.6-sol": { maxOutputTokens: 128_000, input: ["text", "image", "pdf"], tools: true, reasoning: true },
  },
  variables: {
    organization: { env: ["OPENAI_ORG_ID"], what: "the organization that pays" },
    project: { env: ["OPENAI_PROJECT_ID"], what: "the project that pays" },
  },
  headers: { "openai-organization": "{organization}", "openai-project": "{project}" },
  quirks: {
    // Reasoning models refuse max_tokens (recording openai.openai-chat.json.object-streaming.0.650cb1).
    maxTokensField: "max_completion_tokens",
    // "string too long. Expected a string with maximum length 40."
    maxToolCallId: 40,
    needsJsonWord: true,
    // https://platform.openai.com/docs/api-reference/chat/create
    // and https://platform.openai.com/docs/guides/pdf-files#file-size-limitations
    bounds: { temperature: 2, logprobs: 20, stops: 4, fileBytes: 52_428_800 },
    maxTools: 128,
    // https://platform.openai.com/docs/api-reference/chat/create#chat-create-modalities
    outputModalities: ["text", "audio"],
    // https://platform.openai.com/docs/guides/images-vision
    imageTypes: ["image/png", "image/jpeg", "image/webp", "image/gif"],
    metadataNeedsStore: true,
    // https://platform.openai.com/docs/guides/function-calling#tool-choice
    allowedTools: true,
    customTools: true,
    cacheKeyField: "prompt_cache_key",
    byModel: [
      // The first page of `docs`: this family refuses the effort "none".
      {
        match: ["gpt-6.1-*", "gpt-6.2-*"],
        quirks: {
          reasoningEfforts: ["low", "medium", "high", "xhigh", "max"],
          noSamplingWithReasoning: true,
          omit: ["stop"],
        },
      },
      // https://platform.openai.com/docs/guides/latest-model: no temperature or top_p while they reason. Searching models
      // take no sampling at all: "Model incompatible request argument supplied: temperature".
      { match: ["gpt-5-chat*"], quirks: { reasoningRequest: "none" } },
      {
        match: ["gpt-*-search-preview*", "gpt-5-search-api*"],
        quirks: {
          reasoningRequest: "none",
          omit: [
            "temperature",
            "topP",
            "presencePenalty",
            "frequencyPenalty",
            "seed",
            "logprobs",
            "parallelToolCalls",
          ],
        },
      },
      {
        match: ["gpt-5*", "gpt-6*"],
        quirks: {
          reasoningEfforts: ["none", "minimal", "low", "medium", "high", "xhigh"],
          noSamplingWithReasoning: true,
          omit: ["stop"],
        },
      },
      // https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop: "Not supported with latest reasoning
      // models o3 and o4-mini". Before o3, parallel calls cannot be forbidden.
      {
        match: ["o1-mini*", "o1-preview*"],
        quirks: { reasoningRequest: "none", noSamplingWithReasoning: true, omit: ["parallelToolCalls"] },
      },
      {
        match: ["o1*", "o3-mini*"],
        quirks: {
          reasoningEfforts: ["low", "medium", "high"],
          noSamplingWithReasoning: true,
          omit: ["parallelToolCalls"],
        },
      },
      {
        match: ["o3*", "o4*"],
        quirks: {
          reasoningEfforts: ["low", "medium", "high"],
          noSamplingWithReasoning: true,
          omit: ["stop"],
        },
      },
      // https://platform.openai.com/docs/guides/reasoning: these do not reason and refuse an effort.
      { match: ["gpt-4*", "gpt-3.5*", "chatgpt-*"], quirks: { reasoningRequest: "none" } },
    ],
  },
  files: { path: "/files", api: "openai-uploads", maxBytes: 536_870_912, purpose: "user_data" },
  // https://platform.openai.com/docs/guides/batch
  batches: {
    api: "openai-batches",
    kinds: ["chat", "embed", "moderate", "image"],
    rows: 50_000,
    bytes: 200_000_000,
    price: 0.5,
    windows: [24],
  },
  sites: ["www.npmjs.com/package/openai"],
  docs: [
    // The default model, its limits and its efforts, read on 2026-11-28.
    "https://developers.openai.com/api/docs/models/gpt-6.2-sol.md",
    // The models that it still serves.
    "https://developers.openai.com/docs/deprecations",
    // OPENAI_API_KEY, OPENAI_ORG_ID, OPENAI_PROJECT_ID and the base URL.
    "https://www.npmjs.com/package/openai",
    // The default model of embeddings.
    "https://platform.openai.com/docs/guides/embeddings",
    // The default model of moderation.
    "https://platform.openai.com/docs/guides/moderation",
    // Counts of tokens.
    "https://platform.openai.com/docs/api-reference/responses/input-tokens",
    // Transcripts.
    "https://platform.openai.com/docs/guides/speech-to-text",
    // Speech.
    "https://platform.openai.com/docs/guides/text-to-speech",
    // Pictures.
    "https://platform.openai.com/docs/guides/image-generation",
  ],
} as const satisfies ProviderData;
