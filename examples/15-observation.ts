// An observer receives every request, attempt, wait, change of provider and end synchronously.
import { AiClientBuilder, type ObserverEvent } from "ai-lib";

function inWords(event: ObserverEvent): string | undefined {
  switch (event.type) {
    case "request-start":
      return `asked ${event.provider}`;
    case "attempt-end":
      return `${event.attempt.target.provider} ${event.attempt.outcome} ${event.attempt.code ?? ""}`;
    case "failover":
      return `moved from ${event.from} to ${event.to} after ${event.error.errorCodeWithSeverity()}`;
    case "request-end":
      return event.response === undefined
        ? `failed: ${event.error?.code}`
        : `answered, ${event.response.usage.outputTokens} tokens out`;
    default:
      return undefined;
  }
}

const client = new AiClientBuilder("groq")
  .withFailoverChain(["openai"])
  .withObserver({
    on(event) {
      const words = inWords(event);
      if (words !== undefined) console.log(`${event.requestId.slice(0, 6)} ${words}`);
    },
  })
  .build();

await client.chat("Watch me.");
