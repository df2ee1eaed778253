import { expect, it } from "vitest";
import { storeFacts } from "./store-facts.js";

it.each([
  [
    "openai-chat",
    { protocol: "multipart", fields: { purpose: "user_data" } },
    { api: "openai", purpose: "user_data" },
  ],
  ["anthropic-messages", { protocol: "multipart" }, { api: "anthropic" }],
  ["mistral-chat", {}, { api: "mistral" }],
  ["openai-chat", { protocol: "resumable" }, { api: "gemini" }],
  ["openai-chat", { api: "together", purpose: null }, { api: "together", purpose: null }],
] as const)("of the dialect %s, %j is %j", (dialect, given, expected) => {
  const store = { path: "/files", maxBytes: 10 };
  expect(storeFacts({ ...store, ...given }, dialect)).toEqual({ ...store, ...expected });
});
