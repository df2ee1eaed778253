import type { ProviderData } from "../endpoint/data.js";

/** Rev AI's transcripts, by jobs. */
export const revai = {
  id: "revai",
  label: "Rev AI",
  dialect: "openai-chat",
  chat: false,
  baseUrl: "https://api.rev.ai/speechtotext/v1",
  keyEnv: ["REVAI_ACCESS_TOKEN", "REV_AI_ACCESS_TOKEN"],
  keyUrl: "https://www.rev.ai/access_token",
  modelsPath: null,
  kinds: { transcribe: { api: "revai-transcription", model: "machine" } },
  docs: [
    // Third party: the base URL, read on 2026-11-28 in a copy of the vendor's page; that page itself was not found.
    "https://docs.rs/crate/revai/0.4.1/source/README.md",
    // The key and the jobs.
    "https://docs.rev.ai/api/asynchronous/reference/",
  ],
} as const satisfies ProviderData;
