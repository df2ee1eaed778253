import type { Explained, ExplainedTarget } from "./explain.js";
import type { ExplainedCall } from "./explain-call.js";

/** Writes what a call would do, for people. */
export function formatCall({ model, route, divertedTo, maxTokens, live, explained }: ExplainedCall): string {
  return [
    `${JSON.stringify(model ?? "")} leads to the route ${route}`,
    ...(divertedTo === undefined ? [] : [`a limit is exhausted: the route ${divertedTo} answers`]),
    ...(maxTokens === undefined ? [] : [`the gateway limits the answer to ${maxTokens} tokens`]),
    formatExplained(explained),
    ...(live ? [] : ["circuits and cooldowns of a running gateway are not known here"]),
  ].join("\n");
}

/** Writes an explanation as a tree, one line for each member. */
function formatExplained(explained: Explained, indent = ""): string {
  const { name, reason, skipped, waits, members = [], target } = explained;
  const lines = [`${indent}${name}: ${reason}`];
  if (skipped !== undefined) lines.push(`${indent}    would be skipped: ${skipped}`);
  if (waits !== undefined) lines.push(`${indent}    would wait: ${waits}`);
  if (target !== undefined) lines.push(...formatTarget(target).map((line) => `${indent}    ${line}`));
  return [...lines, ...members.map((member) => formatExplained(member, `${indent}  `))].join("\n");
}

function formatTarget({
  provider,
  model,
  dialect,
  bytes,
  losses,
  estimate,
  maxTokens,
  dollars,
  refusal,
}: ExplainedTarget): string[] {
  return [
    `asks ${provider} for ${model ?? "its default model"} in the dialect ${dialect ?? "of its own"}; ${bytes ? "the client's bytes are passed on unchanged" : "the request is translated"}`,
    ...(estimate === undefined
      ? []
      : [
          `about ${estimate.inputTokens} tokens in and ${maxTokens === undefined ? "about" : "at most"} ${estimate.outputTokens} out: ${dollars === undefined ? "the price is unknown" : `$${dollars.toPrecision(2)}`}`,
        ]),
    ...(refusal === undefined ? [] : [`would be refused: ${refusal}`]),
    ...losses.map((loss) => `loses: ${loss}`),
  ];
}
