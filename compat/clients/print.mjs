// usage: node print.mjs ROWS.json... > ../../docs/clients.md, with what `matrix.mjs --write` wrote
import { readFileSync } from "node:fs";
import { FEATURES } from "./features.mjs";

const rows = process.argv.slice(2).flatMap((path) => JSON.parse(readFileSync(path, "utf8")));
const features = Object.keys(FEATURES);
const reasons = [];

/** The number of a reason below the table. */
function note(why) {
  let at = reasons.indexOf(why);
  if (at < 0) at = reasons.push(why) - 1;
  return at + 1;
}

function cellOf(client, feature) {
  const cells = client.flatMap(({ upstream, cells: all }) =>
    all[feature] === undefined ? [] : [{ upstream, ...all[feature] }],
  );
  if (cells.length === 0) return "";
  const bad = cells.filter(({ why }) => why !== undefined);
  if (bad.length === 0) return "yes";
  const whys = [
    ...new Set(
      bad.map(({ why, upstream, lacks }) =>
        lacks && bad.length === cells.length ? why : `over \`${upstream}\`: ${why}`,
      ),
    ),
  ];
  return `${bad.length === cells.length ? "no" : "in part"} (${whys.map(note).join(", ")})`;
}

const names = [...new Set(rows.map(({ name }) => name))].sort((one, other) => one.localeCompare(other, "en"));
const table = names.map((name) => {
  const client = rows.filter((row) => row.name === name);
  return `| ${name} | ${client[0].dialect} | ${features.map((feature) => cellOf(client, feature)).join(" | ")} |`;
});
const all = rows.flatMap(({ cells }) => Object.values(cells));
const tried = all.filter(({ lacks }) => lacks !== true);

console.log(`# Clients

SDKs and frameworks as clients of a server that relays to vendors of other dialects. Each client was tried over three upstreams whose dialect is not its own, out of Anthropic's messages, Gemini, OpenAI's chat completions and OpenAI's responses. A simulator plays the vendors; the server uses \`relay\` and \`conversations\` of [\`ai-lib/serve\`](serving.md).

| feature | what must hold |
| --- | --- |
| unary, stream | the text arrives whole |
| usage | input and output tokens are those of the vendor, whole and streamed |
| tool loop, parallel tools | the client calls one tool or two, sends the results, and gets the answer; whole and streamed |
| opaque state | a signature that Gemini put on a call comes back with the next turn (over Gemini alone) |
| structured output | the client's own way of asking for an object gives one |
| pictures | an image as bytes arrives |
| reasoning | the client's own way of asking for thinking arrives, and it shows the thinking; whole and streamed |
| citations | the client shows the URL of a source; whole and streamed |
| refusals | the client can see that the answer is a refusal; whole and streamed |
| faults | a rate limit (whole and streamed), a server error, a request that is too long, a reset connection, a cut stream and an error within a stream each become an error, never a success |
| abort | a client that leaves closes the vendor's connection |

${tried.filter(({ why }) => why === undefined).length} of ${tried.length} cells work; ${all.length - tried.length} more are of features that a client or its API lacks.

| client | speaks | ${features.join(" | ")} |
| --- | --- |${features.map(() => " --- |").join("")}
${table.join("\n")}

${reasons.map((why, i) => `${i + 1}. ${why}`).join("\n")}

## Agents and servers

Claude Code, Codex and opencode run without a terminal over the same server: each calls a tool, gets its result and goes on, over vendors of other dialects. \`npm run compat -- agents\` runs them.

In the other direction, \`provider("llamacpp")\` reads llama.cpp's \`llama-server\`: 40 of 40 calls without repeats, eight each of chat, stream, tools with a loop, schema and abort. \`npm run compat -- llama\` runs them with a model of 300 KB that the repository writes itself, over a \`llama-server\` that you name by \`LLAMA_SERVER\` or build there with \`npm run build-server\`, and over node-llama-cpp where there is none.

Print this page with \`npm run compat -- clients clients-next\` for the packages, then in \`compat/clients\`: \`node matrix.mjs --write rows.json\`, \`../clients-next/node_modules/.bin/node matrix.mjs --next --write next.json\` and \`node print.mjs rows.json next.json > ../../docs/clients.md\`. A part of it, the vendors' own SDKs over one upstream each, runs with every change.`);
