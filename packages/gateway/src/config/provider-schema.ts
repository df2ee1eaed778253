import { z } from "zod";
import { Kinds } from "./kind-schema.js";
import { Secret } from "./secret-schema.js";

/** The dialects that clients and providers may have. */
export const Dialect = z.enum([
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
]);

export const Provider = z
  .strictObject({
    use: z.string().optional().describe("The id of a provider of ai-lib. Default: the name of this entry"),
    dialect: Dialect.optional().describe(
      "The dialect of an endpoint that ai-lib does not know; with baseUrl",
    ),
    baseUrl: z.string().optional().describe("Another address of the API"),
    kinds: Kinds.optional().describe(
      "The kinds of call that an endpoint with a `dialect` of its own answers. Default: chat",
    ),
    apiKey: Secret.optional().describe("Default: the provider's own environment variables"),
    model: z.string().optional().describe("The default model"),
    region: z.string().optional().describe("The region, where the address has one"),
    account: z.string().optional().describe("The account or project, where the address has one"),
    variables: z.record(z.string(), z.string()).optional().describe("Values of the endpoint's variables"),
    headers: z
      .record(z.string(), z.union([z.string(), Secret]))
      .optional()
      .describe("Headers of every request"),
    voices: z
      .record(z.string(), z.string())
      .optional()
      .describe("Names that clients use for voices, and the provider's voice for each"),
    quirks: z.record(z.string(), z.unknown()).optional().describe("Deviations from the dialect"),
  })
  .meta({ id: "Provider" });

const amount = z.number().nonnegative();

export const OwnPrice = z
  .strictObject({
    input: amount.describe("US dollars for a million tokens of prompts"),
    output: amount.describe("US dollars for a million tokens of answers"),
    cachedInput: amount.optional().describe("Of prompts that the provider had in its cache. Default: input"),
    cacheWriteInput: amount
      .optional()
      .describe("Of prompts that the provider writes to its cache. Default: input"),
    request: amount.optional().describe("US dollars for each request. Default 0"),
  })
  .meta({ id: "Price" });

/** A provider's settings. */
export type ProviderNode = z.input<typeof Provider>;
