import type { ChatProvider } from "ai-lib";

/** Who answers a call. */
export interface ChosenRoute {
  readonly route: string;
  readonly provider: ChatProvider;
  /** The model to ask the provider for; undefined for its default. */
  readonly model: string | undefined;
}
