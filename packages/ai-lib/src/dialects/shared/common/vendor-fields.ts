import type { DialectId } from "../../../core/contract/dialect.js";

/** A field of `extensions` that changes what is asked: another vendor would answer something else without it. */
interface VendorField {
  readonly dialect: DialectId;
  readonly field: string;
  /** What is lost: a part of the input that the vendor stores, or tools that it runs. */
  readonly holds: "input" | "tools";
}

/**
 * Fields that server halves pass to their own vendor as extensions, and that must not be lost without a warning at
 * another vendor. Sources: https://platform.openai.com/docs/api-reference/responses/create,
 * https://ai.google.dev/api/generate-content,
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
 * https://docs.claude.com/en/docs/agents-and-tools/mcp-connector,
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export const VENDOR_FIELDS: readonly VendorField[] = [
  { dialect: "openai-responses", field: "conversation", holds: "input" },
  { dialect: "openai-responses", field: "prompt", holds: "input" },
  { dialect: "gemini", field: "cachedContent", holds: "input" },
  { dialect: "bedrock-converse", field: "promptVariables", holds: "input" },
  { dialect: "anthropic-messages", field: "mcp_servers", holds: "tools" },
  { dialect: "openai-chat", field: "web_search_options", holds: "tools" },
];
