import type { Explained, ExplainedTarget } from "./explain.js";

/** Writes an explanation as a tree, one line for each member. */
export function formatExplained(explained: Explained, indent = ""): string {
  const { name, reason, members = [], target } = explained;
  const lines = [`${indent}${name}: ${reason}`];
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
  dollars,
}: ExplainedTarget): string[] {
  return [
    `asks ${provider} for ${model ?? "its default model"} in the dialect ${dialect ?? "of its own"}; ${bytes ? "the client's bytes are passed on unchanged" : "the request is translated"}`,
    ...(estimate === undefined
      ? []
      : [
          `about ${estimate.inputTokens} tokens in and at most ${estimate.outputTokens} out: ${dollars === undefined ? "the price is unknown" : `$${dollars.toPrecision(2)}`}`,
        ]),
    ...losses.map((loss) => `loses: ${loss}`),
  ];
}
