import { asObject, asString, entryOf, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { ImagePart, TextPart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT } from "../shared/family.js";

const BLOCK_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(["type", "text"]),
  image_url: new Set(["type", "image_url"]),
};

/**
 * A block of a user's or a tool's message; undefined for an unknown type. A document becomes its text
 * and keeps its form as extensions.
 */
export function decodeBlock(block: JsonObject): TextPart | ImagePart | undefined {
  const type = asString(block["type"]) ?? "";
  const known = entryOf(BLOCK_FIELDS, type) ?? new Set<string>();
  switch (type) {
    case "text":
      return {
        type: "text",
        text: asString(block["text"]) ?? "",
        ...extensionsOf(DIALECT, unknownFields(block, known)),
      };
    case "image_url": {
      const picture = asObject(block["image_url"]);
      const url = asString(picture?.["url"]) ?? asString(block["image_url"]) ?? "";
      const detail = picture?.["detail"];
      const image: MutableImage = { type: "image", ...(parseDataUri(url) ?? { url }) };
      if (detail === "low" || detail === "high" || detail === "auto") image.detail = detail;
      return { ...image, ...extensionsOf(DIALECT, unknownFields(block, known)) };
    }
    case "document": {
      const data = asObject(block["document"])?.["data"];
      return {
        type: "text",
        text: JSON.stringify(data ?? {}),
        ...extensionsOf(DIALECT, { ...block } as MutableJson),
      };
    }
    default:
      return undefined;
  }
}

type MutableImage = { -readonly [K in keyof ImagePart]: ImagePart[K] };
