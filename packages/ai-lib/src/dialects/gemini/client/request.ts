import { type DialectTarget, type Encoded, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import { extended } from "../../shared/common/extensions.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { quirksOf } from "../shared/quirks.js";
import { toJsonSchema, toOpenApiSchema } from "../shared/schema.js";
import { generationOf } from "./generation.js";
import { ContentsEncoder } from "./messages.js";
import { encodeTools } from "./tools.js";

/** Writes a request. https://ai.google.dev/api/generate-content */
export function encodeRequest(
  request: ChatRequest,
  mode: "unary" | "stream",
  target: DialectTarget,
): Encoded {
  if (request.continues !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${target.provider} keeps no state to continue from; send the messages`,
      local: true,
    });
  const losses = new EncodeWarnings();
  const contents = new ContentsEncoder(target, losses);
  request.messages.forEach((message, position) => {
    contents.add(message, position);
  });
  const body: MutableJson = {
    ...contents.body(),
    ...encodeTools(request, target, losses),
  };
  const config = generationConfig(request, target, losses);
  if (Object.keys(config).length > 0) body["generationConfig"] = config;
  if (request.serviceTier !== undefined) {
    if (quirksOf(target.quirks).noServiceTier === true)
      losses.unsupported("serviceTier", "this endpoint chooses tiers by header");
    else body["serviceTier"] = request.serviceTier;
  }
  for (const [field, why] of [
    ["cacheKey", "requests cannot be routed to a cache by a key"],
    ["user", "there is no field for an end user"],
    ["metadata", "there is no field for metadata"],
  ] as const)
    if (request[field] !== undefined) losses.unsupported(field, why);
  const merged = extended(body, request.extensions, "gemini", target.provider);
  return {
    http: {
      method: "POST",
      path: pathOf(target.model, mode === "stream" ? "streamGenerateContent" : "generateContent"),
      ...(mode === "stream" ? { query: { alt: "sse" } } : {}),
      headers: JSON_BODY,
      body: JSON.stringify(merged),
    },
    warnings: losses.warnings,
  };
}

/** The path of a model's method. Names such as `tunedModels/mine` bring their own collection. */
function pathOf(name: string, method: string): string {
  const model = name.split("/").map(encodeURIComponent).join("/");
  return model.includes("/") ? `/${model}:${method}` : `/models/${model}:${method}`;
}

/** https://ai.google.dev/api/generate-content#generationconfig */
function generationConfig(request: ChatRequest, target: DialectTarget, losses: EncodeWarnings): MutableJson {
  const config: MutableJson = {};
  const set = (name: string, value: JsonObject[string]): void => {
    if (value !== undefined) config[name] = value;
  };
  set("maxOutputTokens", request.maxTokens);
  set("temperature", request.temperature);
  set("topP", request.topP);
  set("topK", request.topK);
  set("stopSequences", request.stop);
  set("seed", request.seed);
  set("presencePenalty", request.presencePenalty);
  set("frequencyPenalty", request.frequencyPenalty);
  if (request.logprobs !== undefined && request.logprobs !== false) {
    config["responseLogprobs"] = true;
    if (typeof request.logprobs === "number") config["logprobs"] = request.logprobs;
  }
  const { responseFormat: format, output, reasoning } = request;
  if (format !== undefined && format.type !== "text") config["responseMimeType"] = "application/json";
  if (format?.type === "json-schema") {
    if (quirksOf(target.quirks).openApiSchemas === true)
      set("responseSchema", toOpenApiSchema(format.schema));
    else config["responseJsonSchema"] = toJsonSchema(format.schema);
    if (format.name !== undefined) losses.unsupported("responseFormat.name", "schemas have no name");
    if (format.description !== undefined)
      losses.unsupported("responseFormat.description", "schemas have no description but their own");
    if (format.strict === false) losses.unsupported("responseFormat.strict", "schemas are always followed");
  }
  set(
    "responseModalities",
    output?.modalities?.map((modality) => modality.toUpperCase()),
  );
  if (output?.audio?.voice !== undefined)
    config["speechConfig"] = { voiceConfig: { prebuiltVoiceConfig: { voiceName: output.audio.voice } } };
  if (output?.audio?.format !== undefined)
    losses.unsupported("output.audio.format", "speech comes as the model gives it");
  if (reasoning !== undefined) set("thinkingConfig", thinkingConfig(reasoning, target, losses));
  return config;
}

/**
 * Budgets of 2.5 models for efforts: those of Google's own OpenAI-compatible endpoint
 * (https://ai.google.dev/gemini-api/docs/openai#thinking).
 */
const BUDGETS = { minimal: 1_024, low: 1_024, medium: 8_192, high: 24_576 } as const;

function thinkingConfig(
  reasoning: Reasoning,
  target: DialectTarget,
  losses: EncodeWarnings,
): JsonObject | undefined {
  const generation = generationOf(target);
  const { effort, budgetTokens, summary } = reasoning;
  if (summary === "concise" || summary === "detailed")
    losses.changed("reasoning.summary", "summaries come in one form");
  else if (summary !== undefined && effort === "none")
    losses.unsupported("reasoning.summary", "what is not thought has no summary");
  if (generation.thinking === "none") {
    if (effort !== "none") losses.unsupported("reasoning", `${target.model} does not think`);
    return undefined;
  }
  const includeThoughts = effort !== "none" && budgetTokens !== 0;
  if (budgetTokens !== undefined) {
    // "You cannot use both thinking_level and the legacy thinking_budget parameter in the same request."
    if (effort !== undefined) losses.changed("reasoning.effort", "the budget of tokens says it already");
    return { includeThoughts, thinkingBudget: budgetTokens };
  }
  if (effort === undefined) return { includeThoughts };
  if (generation.thinking === "budget") {
    if (effort === "none") {
      if (generation.canRest) return { includeThoughts: false, thinkingBudget: 0 };
      losses.changed("reasoning.effort", `${target.model} always thinks; its least budget is 128 tokens`);
      return { includeThoughts: false, thinkingBudget: 128 };
    }
    const thinkingBudget = effort === "max" ? generation.maxBudget : BUDGETS[effort];
    losses.changed("reasoning.effort", `${target.model} takes a budget: ${thinkingBudget} tokens`);
    return { includeThoughts, thinkingBudget };
  }
  const lowest = generation.canRest ? "minimal" : "low";
  const level = effort === "none" || effort === "minimal" ? lowest : effort === "max" ? "high" : effort;
  if (level !== effort)
    losses.changed("reasoning.effort", `the nearest level of ${target.model} is ${level}`);
  return { includeThoughts, thinkingLevel: level.toUpperCase() };
}
