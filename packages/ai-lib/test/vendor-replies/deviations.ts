import type { DialectId } from "../../src/core/contract/dialect.js";
import { isObject, type MutableJson } from "../../src/core/values/json.js";

/** Where a reply or an event differs from what the vendor's own package declares. */
export interface Deviation {
  readonly dialect: DialectId;
  /** The fault that the package's declaration finds. */
  readonly fault: RegExp;
  /** Why the reply is written so. */
  readonly why: string;
}

export const deviations: readonly Deviation[] = [
  {
    dialect: "openai-chat",
    fault: /\/message\/audio must have required property 'id'/,
    why: "An id would be one of a store that keeps the sound: a server half has none. Clients read the bytes",
  },
  {
    dialect: "openai-chat",
    fault: /\/delta\/tool_calls\/\d+\/type must be equal to constant/,
    why: "A custom tool is called by `custom` in a stream, too; the package declares it in whole answers alone",
  },
  {
    dialect: "openai-responses",
    fault: /^\/response\/error\/code must be equal to one of the allowed values/,
    why: "Codex acts on `context_length_exceeded` and `insufficient_quota`, which OpenAI sends; the package does not list them",
  },
  {
    dialect: "cohere-chat",
    fault: /finish_reason must be equal to one of the allowed values/,
    why: "Version 2 has no word for filtered content; `ERROR` would make a failure of it. `ERROR_TOXIC` is version 1's word",
  },
  {
    dialect: "cohere-chat",
    fault: /^\/logprobs must be object/,
    why: "A delta of several tokens has several entries; the package declares one token a delta",
  },
  {
    dialect: "bedrock-converse",
    fault: /toolResult\/(content\/)?\d+ must have required property/,
    why: "A result that the provider gave may hold media; the declaration has text and documents alone",
  },
];

/** A declaration that the vendor's own replies do not keep: these are the reference then. */
export interface Amendment {
  readonly dialect: DialectId;
  /** How the vendor's own replies differ, with the source. */
  readonly why: string;
  /** Widens an object of the generated schema that declares these properties; leaves any other as it is. */
  readonly amend: (properties: MutableJson, required: Set<unknown>) => void;
}

export const amendments: readonly Amendment[] = [
  {
    dialect: "anthropic-messages",
    why: "The API leaves out the citations of a text that has none, and clients such as the AI SDK refuse null: https://platform.claude.com/docs/en/api/messages/create",
    amend(properties, required) {
      if ("citations" in properties && "text" in properties) required.delete("citations");
    },
  },
  {
    dialect: "openai-responses",
    why: "OpenAI's package adds the text of a response itself, and its usage is null until it ends: https://platform.openai.com/docs/api-reference/responses-streaming",
    amend(properties, required) {
      if (!required.delete("output_text")) return;
      const { usage } = properties;
      properties["usage"] = { anyOf: [isObject(usage) ? usage : {}, { type: "null" }] };
    },
  },
];

/** The deviation that explains a fault; undefined for a fault of ours. */
export function deviationOf(dialect: string, fault: string): Deviation | undefined {
  return deviations.find((one) => one.dialect === dialect && one.fault.test(fault));
}
