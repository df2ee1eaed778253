import type { ProviderData } from "../endpoint/data.js";

/**
 * Google's Gemini models, over Vertex AI. The credential is an API key, a credentials file of Google Cloud, an OAuth
 * access token, which lasts an hour, or a function that gets one.
 */
export const vertex = {
  id: "vertex",
  label: "Google Vertex AI",
  priceId: "google",
  telemetryName: "gcp.vertex_ai",
  dialect: "gemini",
  baseUrl:
    "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}/publishers/google",
  keyEnv: ["GOOGLE_GENAI_ACCESS_TOKEN"],
  // API keys, as of express mode: the global endpoint, without project and location.
  credentials: [
    {
      prefixes: ["AIza", "AQ."],
      auth: { style: "header", header: "x-goog-api-key" },
      baseUrl: "https://aiplatform.googleapis.com/v1/publishers/google",
    },
  ],
  googleCredentialsEnv: ["GOOGLE_APPLICATION_CREDENTIALS"],
  // The global endpoint's host has no location (recordings google-vertex.google-generate-content.*).
  baseUrlWhen: {
    location: {
      global: "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global/publishers/google",
      // Multi-regions.
      eu: "https://aiplatform.eu.rep.googleapis.com/v1/projects/{project}/locations/eu/publishers/google",
      us: "https://aiplatform.us.rep.googleapis.com/v1/projects/{project}/locations/us/publishers/google",
    },
  },
  keyUrl: "https://console.cloud.google.com/vertex-ai",
  model: "gemini-3.8-flash",
  kinds: {
    embed: { api: "vertex-embeddings", model: "gemini-embedding-001" },
    countTokens: {},
    transcribe: { model: "gemini-3.8-flash" },
    image: { model: "gemini-2.5-flash-image" },
  },
  // biome-ignore format: a table, one model a line
  models: {
    "gemini-3.8-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-4-argon": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.6-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.5-flash-lite": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-3.1-pro-preview": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
    "gemini-2.5-flash": { contextWindow: 1_048_576, maxOutputTokens: 65_536, input: ["text", "image", "audio", "video", "pdf"], tools: true, reasoning: true },
  },
  variables: {
    project: {
      env: ["GOOGLE_CLOUD_PROJECT", "GOOGLE_VERTEX_PROJECT", "GCLOUD_PROJECT"],
      what: "the Google Cloud project",
    },
    location: {
      env: ["GOOGLE_CLOUD_LOCATION", "GOOGLE_VERTEX_LOCATION", "CLOUD_ML_REGION"],
      default: "global",
      what: "the location, such as global or europe-west1",
    },
  },
  modelsPath: null,
  quirks: { noServerSideToolInvocations: true, plainCounts: true, noServiceTier: true },
  sites: ["www.npmjs.com/package/@google/"],
  docs: [
    // The hosts and the paths.
    "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/partner-models/grok?hl=es-419",
    // API keys.
    "https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference",
    // The multi-regions.
    "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations",
    // GOOGLE_APPLICATION_CREDENTIALS.
    "https://cloud.google.com/docs/authentication/application-default-credentials",
    // GOOGLE_GENAI_ACCESS_TOKEN, GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION, read on 2026-11-28.
    "https://www.npmjs.com/package/@google/genai",
    // Third party: GOOGLE_VERTEX_PROJECT and GOOGLE_VERTEX_LOCATION.
    "https://www.npmjs.com/package/@ai-sdk/google-vertex",
    // Embeddings.
    "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api",
  ],
} as const satisfies ProviderData;
