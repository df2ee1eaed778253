import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import type { OcrReply, OcrRequest, OcrResponse } from "../values/ocr.js";
import type { KindLaws, ReplyFrame, Requirements } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { checkFields, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "document",
  "pages",
  "pictures",
  "extensions",
] satisfies (keyof OcrRequest)[]);

/** Tokens assumed for a page. */
const TOKENS_PER_PAGE = 1_000;

/** The rules of the kind `ocr`. */
export const ocrLaws: KindLaws<"ocr"> = {
  ...unary("ocr"),
  kind: "ocr",
  idempotent: true,
  validate,
  // Documents are billed by their pages, whose number is unknown before they were read: one is assumed for all.
  estimate: ({ pages = [0] }) => ({
    inputTokens: pages.length * TOKENS_PER_PAGE,
    outputTokens: 0,
    units: { pages: pages.length },
  }),
  requirements,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample: ({ pages = [0] }) => ({
    pages: pages.map((index) => ({ index, markdown: `# Page ${index + 1}\n\nThis is a sample.` })),
    billedPages: pages.length,
  }),
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: OcrRequest): void {
  checkFields("the text of a document", request, REQUEST_FIELDS);
  const { document, pages } = request;
  if (!isObject(document) || (typeof document["data"] !== "string" && typeof document["url"] !== "string"))
    throw invalidRequest("`document` must have `data` (base64) with a `mediaType`, or a `url`");
  if (document["data"] === "") throw invalidRequest("`document.data` is empty");
  if (typeof document["data"] === "string" && typeof document["mediaType"] !== "string")
    throw invalidRequest('`document.mediaType` is missing, such as "application/pdf" or "image/png"');
  if (pages === undefined) return;
  if (
    !Array.isArray(pages) ||
    pages.length === 0 ||
    !pages.every((page) => Number.isInteger(page) && page >= 0)
  )
    throw invalidRequest("`pages` must be a list of page numbers, counted from 0");
}

function requirements({ document: { mediaType = "application/pdf" } }: OcrRequest): Requirements {
  const modality: Modality = mediaType.startsWith("image/") ? "image" : "pdf";
  return { ...TEXT_ONLY, input: new Set<Modality>([modality]) };
}

function respond(reply: OcrReply, warnings: readonly Warning[], frame: ReplyFrame): OcrResponse {
  const { pages, billedPages, usage } = reply;
  const units = billedPages === undefined ? {} : { units: { pages: billedPages } };
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    pages,
    text: pages.map(({ markdown }) => markdown).join("\n\n"),
    ...(billedPages === undefined ? {} : { billedPages }),
    usage: { inputTokens: 0, outputTokens: 0, ...units, ...usage },
    usageStatus: usage === undefined && billedPages === undefined ? "unsupported" : "final",
    warnings,
    attempts: frame.attempts,
  };
}
