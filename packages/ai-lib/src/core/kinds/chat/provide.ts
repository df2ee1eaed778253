import { chatChecks, toolArguments } from "./on-demand.js";
import { withDeclaredArguments } from "./tool-arguments.js";
import { checkRequest } from "./validate.js";

/** Makes the checks of requests available without a load, for code that cannot wait for them. */
export function provideChatChecks(): void {
  chatChecks.provide(checkRequest);
}

/** Makes the code of calls with tools available without a load. */
export function provideToolArguments(): void {
  toolArguments.provide(withDeclaredArguments);
}
