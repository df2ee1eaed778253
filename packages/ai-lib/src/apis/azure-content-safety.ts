import type { DialectTarget, Encoded, KindCodec, Pieces } from "../core/contract/dialect.js";
import { AiLibError } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import { asArray, asNumber, asString, isObject, type MutableJson } from "../core/values/json.js";
import type { ModerateInput, ModerateReply, ModerateRequest, Verdict } from "../core/values/moderation.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay } from "../dialects/shared/common/kind-requests.js";

/** Characters of a text: https://learn.microsoft.com/en-us/azure/ai-services/content-safety/overview#input-requirements */
const MOST_CHARACTERS = 10_000;

/** The largest severity by `outputType`; the default has four levels: 0, 2, 4 and 6. */
const EIGHT_LEVELS = 7;
const FOUR_LEVELS = 6;

/** A request judges one text or one picture. */
const pieces: Pieces<"moderate"> = {
  cut: (request) =>
    request.inputs.length === 1
      ? [request]
      : request.inputs.map((input) => ({ ...request, inputs: [input] })),
  join: (replies): ModerateReply => ({ verdicts: replies.flatMap(({ verdicts }) => verdicts) }),
};

/**
 * Moderation of Azure AI Content Safety, whose scores are severities: they are divided by the largest one.
 * https://learn.microsoft.com/en-us/azure/ai-services/content-safety/quickstart-text
 */
export const codec: KindCodec<"moderate"> = {
  encode,
  decode(reply, { provider }, request) {
    const body = parseBody(reply.body);
    const rows = body["categoriesAnalysis"];
    if (!Array.isArray(rows))
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: "Azure returned no analysis of categories",
        body: reply.body,
      });
    const eight = request.extensions?.[provider]?.["outputType"] === "EightSeverityLevels";
    return {
      verdicts: [verdictOf(rows, asArray(body["blocklistsMatch"]), eight ? EIGHT_LEVELS : FOUR_LEVELS)],
    };
  },
  pieces,
};

function encode(request: ModerateRequest, target: DialectTarget): Encoded {
  const [path, body] = contentOf(request.inputs[0] ?? "", target);
  return { http: jsonPost(path, body, request, target), warnings: [] };
}

/** @throws {AiLibError} `UNSUPPORTED_FEATURE` for what is neither texts alone nor one picture, or too long. */
function contentOf(input: ModerateInput, target: DialectTarget): [path: string, body: MutableJson] {
  const parts = typeof input === "string" ? [{ type: "text" as const, text: input }] : input;
  const texts = parts.flatMap((part) => (part.type === "text" ? part.text : []));
  if (texts.length === parts.length) {
    const text = texts.join("\n\n");
    if (text.length > MOST_CHARACTERS)
      throw cannotSay(
        target,
        "inputs",
        `a text may have ${MOST_CHARACTERS} characters; cut it into several inputs`,
      );
    return ["/text:analyze", { text }];
  }
  const [picture, ...others] = parts;
  if (picture?.type !== "image" || others.length > 0)
    throw cannotSay(target, "inputs", "a picture must be an input of its own");
  const { data, url } = picture;
  // Addresses are those of Azure's own store of blobs.
  return ["/image:analyze", { image: data === undefined ? { blobUrl: url ?? "" } : { content: data } }];
}

/** Any severity above 0 is a finding: 0 means safe content. */
function verdictOf(rows: readonly unknown[], blocked: readonly unknown[], most: number): Verdict {
  const severities = rows.filter(isObject).flatMap((row): [string, number][] => {
    const category = asString(row["category"]);
    const severity = asNumber(row["severity"]);
    return category === undefined || severity === undefined ? [] : [[category, severity]];
  });
  return {
    flagged: blocked.length > 0 || severities.some(([, severity]) => severity > 0),
    categories: Object.fromEntries(severities.map(([category, severity]) => [category, severity > 0])),
    scores: Object.fromEntries(severities.map(([category, severity]) => [category, severity / most])),
  };
}
