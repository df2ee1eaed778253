import type { KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { OcrPage, OcrPicture, OcrReply } from "../../../core/values/ocr.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import { jsonPost } from "../../shared/common/json-post.js";
import { DIALECT } from "../shared/family.js";

/** Texts of documents by Mistral: https://docs.mistral.ai/capabilities/document_ai/basic_ocr */
export const ocrCodec: KindCodec<"ocr"> = {
  encode(request, target) {
    const { document, pages, pictures } = request;
    const { data, url = "", mediaType = "application/pdf", name } = document;
    const place = data === undefined ? url : dataUri(mediaType, data);
    const body: JsonObject = defined({
      model: target.model,
      document: mediaType.startsWith("image/")
        ? { type: "image_url", image_url: place }
        : { type: "document_url", document_url: place, ...defined({ document_name: name }) },
      pages,
      include_image_base64: pictures,
    });
    return {
      http: jsonPost("/ocr", { ...body }, request, target, DIALECT),
      warnings: [],
    };
  },
  decode,
};

/** @throws {AiLibError} `INVALID_RESPONSE` for a reply without pages. */
function decode(reply: HttpReply): OcrReply {
  const body = parseBody(reply.body);
  if (!Array.isArray(body["pages"]))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The provider returned no pages",
      body: reply.body,
    });
  const usage = asObject(body["usage_info"]);
  return {
    pages: body["pages"].filter(isObject).map(pageOf),
    ...defined({ model: nonEmpty(body["model"]), billedPages: asNumber(usage?.["pages_processed"]) }),
  };
}

function pageOf(page: JsonObject, at: number): OcrPage {
  const pictures = asArray(page["images"])
    .filter(isObject)
    .map((image): OcrPicture => {
      const given = asString(image["image_base64"]);
      const inline = given === undefined ? undefined : (parseDataUri(given) ?? { data: given });
      return { id: asString(image["id"]) ?? "", ...inline };
    });
  return {
    index: asNumber(page["index"]) ?? at,
    markdown: asString(page["markdown"]) ?? "",
    ...(pictures.length === 0 ? {} : { pictures }),
  };
}
