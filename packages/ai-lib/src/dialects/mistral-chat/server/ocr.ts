import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { ocrLaws } from "../../../core/kinds/ocr.js";
import { asArray, asObject, asString } from "../../../core/values/json.js";
import type { OcrDocument, OcrRequest, OcrResponse } from "../../../core/values/ocr.js";
import { defined } from "../../shared/common/body-fields.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { DIALECT } from "../shared/family.js";

const KNOWN: ReadonlySet<string> = new Set(["model", "document", "pages", "include_image_base64"]);

/** The server half of Mistral's texts of documents. https://docs.mistral.ai/api/endpoint/ocr */
export const ocrServer: ServerKindCodec<"ocr"> = {
  laws: ocrLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/ocr"),
  decode,
  encode,
};

/** @throws {AiLibError} `INVALID_REQUEST` for a body without a document. */
function decode(http: HttpRequest): OcrRequest {
  const body = bodyOf(http.body);
  const pages = asArray(body["pages"]).filter((page) => typeof page === "number");
  const pictures = body["include_image_base64"];
  return {
    ...defined({ model: asString(body["model"]) }),
    document: documentOf(body["document"]),
    ...(pages.length === 0 ? {} : { pages }),
    ...(typeof pictures === "boolean" ? { pictures } : {}),
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

function documentOf(value: unknown): OcrDocument {
  const document = asObject(value);
  const image = document?.["image_url"];
  const isImage = image !== undefined;
  const url = isImage
    ? (asString(image) ?? asString(asObject(image)?.["url"]))
    : asString(document?.["document_url"]);
  if (url === undefined)
    throw invalidRequest(
      "`document` must be a document_url or an image_url; files by id are not supported here",
    );
  const name = defined({ name: asString(document?.["document_name"]) });
  const inline = parseDataUri(url);
  if (inline !== undefined) return { ...inline, ...name };
  // The type of a picture by URL is unknown, but not that it is one.
  return isImage ? { url, mediaType: "image/*", ...name } : { url, ...name };
}

function encode({ model, pages, billedPages = pages.length }: OcrResponse): HttpReply {
  const body = {
    pages: pages.map(({ index, markdown, pictures = [] }) => ({
      index,
      markdown,
      images: pictures.map(({ id, data, mediaType }) => ({
        id,
        top_left_x: null,
        top_left_y: null,
        bottom_right_x: null,
        bottom_right_y: null,
        image_base64: data === undefined ? null : dataUri(mediaType ?? "image/jpeg", data),
      })),
      dimensions: null,
    })),
    model,
    usage_info: { pages_processed: billedPages, doc_size_bytes: null },
  };
  return jsonReply(body);
}
