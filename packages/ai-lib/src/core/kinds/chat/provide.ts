import { chatChecks, toolArguments } from "./on-demand.js";
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
