import { AiLibError, type Extensions } from "ai-lib";

/**
 * Refuses a request for a response in the background
 * (https://platform.openai.com/docs/guides/background): its answer, with the usage, comes to a later request, which the
 * gateway does not serve, so that no limit and no ledger would count it.
 * @throws {AiLibError} `INVALID_REQUEST`
 */
export function refuseBackground(request: object): void {
  const { extensions } = request as { readonly extensions?: Extensions };
  const background = extensions?.["openai-responses"]?.["background"];
  if (background === undefined || background === null || background === false) return;
  throw new AiLibError({
    code: "INVALID_REQUEST",
    message: "`background` must be false or absent: the gateway serves no later request for the answer",
    local: true,
    issues: [{ path: ["background"], message: "must be false or absent", value: background }],
  });
}
