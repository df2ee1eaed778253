import type { DialectId } from "../../src/core/contract/dialect.js";

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

/** The deviation that explains a fault; undefined for a fault of ours. */
export function deviationOf(dialect: string, fault: string): Deviation | undefined {
  return deviations.find((one) => one.dialect === dialect && one.fault.test(fault));
}
