import { chatChecks, deliveredParts, toolArguments } from "./on-demand.js";
import { DeliveredParts } from "./splice.js";
import { withDeclaredArguments } from "./tool-arguments.js";
import { checkRequest } from "./validate.js";

/** Makes the checks of requests available at once, for code that cannot wait for them. */
export function provideChatChecks(): void {
  chatChecks.provide(checkRequest);
}

/** Makes what calls with tools need available at once. */
export function provideToolArguments(): void {
  toolArguments.provide(withDeclaredArguments);
}

/** Makes what joins two answers available at once: no answer waits for it. */
export function provideDeliveredParts(): void {
  deliveredParts.provide(DeliveredParts);
}
