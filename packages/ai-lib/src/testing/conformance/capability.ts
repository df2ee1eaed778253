import type { ChatProvider } from "../../core/contract/provider.js";
import { refuseUnknown } from "../../core/errors/options.js";

/** What a provider can be declared to do. Everything else of the contract is asked of every provider. */
export interface Capabilities {
  /** A long answer comes in several pieces, and not whole at its end. */
  readonly stream?: boolean | undefined;
  /** Stops at `maxTokens` and says that it did. */
  readonly maxTokens?: boolean | undefined;
  /** Calls a tool, also one without arguments, and takes its result. */
  readonly tools?: boolean | undefined;
  /** Calls several tools in one answer. */
  readonly parallelTools?: boolean | undefined;
  /** Follows a JSON Schema. */
  readonly structuredOutput?: boolean | undefined;
  /** Sees pictures. */
  readonly images?: boolean | undefined;
  /** Shows its reasoning, or counts its tokens, where it is asked to think. */
  readonly reasoning?: boolean | undefined;
  /** Refuses a model that does not exist; a local server often answers with the one that it has. */
  readonly unknownModel?: boolean | undefined;
  /** Refuses a wrong key; checked through {@link ConformanceOptions.wrongKey}. */
  readonly wrongKey?: boolean | undefined;
  /** Refuses a prompt that is too long; checked with {@link ConformanceOptions.tooLongTokens}. */
  readonly tooLong?: boolean | undefined;
}

/** The name of something that a provider can do. */
export type Capability = keyof Capabilities;

/** Every capability, in the order in which reports name them. */
export const CAPABILITIES: readonly Capability[] = [
  "stream",
  "maxTokens",
  "tools",
  "parallelTools",
  "structuredOutput",
  "images",
  "reasoning",
  "unknownModel",
  "wrongKey",
  "tooLong",
];

/**
 * The capabilities that are declared.
 * @throws {AiLibError} `CONFIG_ERROR` for one that does not exist.
 */
export function declaredOf(capabilities: Capabilities): ReadonlySet<Capability> {
  refuseUnknown("capability", capabilities, new Set(CAPABILITIES));
  return new Set(CAPABILITIES.filter((name) => capabilities[name] === true));
}

/** What the facts of a provider's default model declare, without asking anyone; streams and `maxTokens` are taken for
 * granted. */
export function capabilitiesOf(provider: ChatProvider): Capabilities {
  const facts = provider.facts?.() ?? {};
  return {
    stream: true,
    maxTokens: true,
    ...(facts.tools === true ? { tools: true } : {}),
    ...(facts.structuredOutput === true ? { structuredOutput: true } : {}),
    ...(facts.input?.includes("image") === true ? { images: true } : {}),
    ...(facts.reasoning === true ? { reasoning: true } : {}),
  };
}
