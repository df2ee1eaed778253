// usage: node print.mjs ROWS.json... > ../../docs/clients.md, with the files that `matrix.mjs --write` wrote for both
// servers
import { readFileSync } from "node:fs";
import { FEATURES } from "./features.mjs";

const both = process.argv.slice(2).flatMap((path) => JSON.parse(readFileSync(path, "utf8")));
const rows = both.filter(({ server }) => server === "relay");
const throughGateway = both.filter(({ server }) => server === "gateway");
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
  const whys = [...new Set(bad.map(({ why }) => why))].map((why) => {
    const some = bad.filter((cell) => cell.why === why);
    if (some[0].lacks && bad.length === cells.length) return why;
    return `over ${some.map(({ upstream }) => `\`${upstream}\``).join(" and ")}: ${why}`;
  });
  return `${bad.length === cells.length ? "no" : "in part"} (${whys.map(note).join(", ")})`;
}

const names = [...new Set(rows.map(({ name }) => name))].sort((one, other) => one.localeCompare(other, "en"));
const table = names.map((name) => {
  const client = rows.filter((row) => row.name === name);
  return `| ${name} | ${client[0].dialect} | ${features.map((feature) => cellOf(client, feature)).join(" | ")} |`;
});

/** The number of working cells of some rows, and of all of them. */
function countOf(some) {
  const all = some.flatMap(({ cells }) => Object.values(cells));
  const tried = all.filter(({ lacks }) => lacks !== true);
  return { works: tried.filter(({ why }) => why === undefined).length, tried: tried.length, all: all.length };
}
const count = countOf(rows);
const gatewayCount = countOf(throughGateway);

/** The features that fail through the gateway. */
const failures = throughGateway.flatMap(({ name, upstream, cells }) =>
  Object.entries(cells).flatMap(([feature, { why, lacks }]) =>
    why === undefined || lacks ? [] : [`- ${name} over \`${upstream}\`: ${feature}: ${why}`],
  ),
);
const upstreams = [...new Set(throughGateway.map(({ upstream }) => upstream))].sort();
const dialects = [...new Set(throughGateway.map(({ dialect }) => dialect))].sort();
const gatewayTable = dialects.map((dialect) => {
  const own = throughGateway.filter((row) => row.dialect === dialect);
  const clients = new Set(own.map(({ name }) => name)).size;
  const cells = upstreams.map((upstream) => {
    const { works, tried } = countOf(own.filter((row) => row.upstream === upstream));
    return tried === 0 ? "" : `${works} of ${tried}`;
  });
  return `| ${dialect} | ${clients} | ${cells.join(" | ")} |`;
});

console.log(`# Clients

SDKs and frameworks as clients of a server that relays to vendors of other dialects. Each client was tried over three upstreams whose dialect is not its own, out of Anthropic's messages, Gemini, OpenAI's chat completions and OpenAI's responses. Clients marked \`stored\` refer to earlier answers by their ids instead of sending them again. A simulator plays the vendors; the server uses \`relay\` and \`conversations\` of [\`ai-lib/serve\`](serving.md).

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

${count.works} of ${count.tried} cells work; ${count.all - count.tried} more are of features that a client or its API lacks.

| client | speaks | ${features.join(" | ")} |
| --- | --- |${features.map(() => " --- |").join("")}
${table.join("\n")}

${reasons.map((why, i) => `${i + 1}. ${why}`).join("\n")}

## Through the gateway

The same clients, unchanged, with the [gateway](gateway/README.md) as the server: ${gatewayCount.works} of ${gatewayCount.tried} cells work. The table has the features that work, of those that a client has, by the dialect of the clients and that of the upstream.

| clients speak | clients | ${upstreams.join(" | ")} |
| --- | --- |${upstreams.map(() => " --- |").join("")}
${gatewayTable.join("\n")}
${failures.length === 0 ? "" : `\n${failures.join("\n")}\n`}
## Agents and servers

Claude Code, Codex, opencode, Gemini CLI and Qwen Code run without a terminal over the same servers, relay and gateway: each calls a tool, gets its result and goes on, over vendors of other dialects. \`npm run compat -- agents\` runs them over the relay, and with \`AI_LIB_GATEWAY=1\` over the gateway.

In the other direction, \`provider("llamacpp")\` reads llama.cpp's \`llama-server\`: 40 of 40 calls without repeats, eight each of chat, stream, tools with a loop, schema and abort. \`npm run compat -- llama\` runs them with a model of 300 KB that the repository writes itself, over a \`llama-server\` that you name by \`LLAMA_SERVER\` or build there with \`npm run build-server\`, and over node-llama-cpp where there is none.

## Print this page

Run \`npm run compat -- clients clients-next\` for the packages. Then run these commands in \`compat/clients\`:

\`\`\`sh
NODE24=../clients-next/node_modules/.bin/node
node matrix.mjs --write relay.json
node matrix.mjs --gateway --write gateway.json
$NODE24 matrix.mjs --next --write relay-next.json
$NODE24 matrix.mjs --next --gateway --write gateway-next.json
node print.mjs relay.json relay-next.json gateway.json gateway-next.json > ../../docs/clients.md
\`\`\`

A part of it runs with every change: the vendors' own SDKs over one upstream each through the relay, and over three through the gateway.`);
