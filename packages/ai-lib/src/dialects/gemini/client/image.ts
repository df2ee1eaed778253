import type { KindCodec } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { ImageRequest } from "../../../core/values/image.js";
import { isObject, type JsonObject, mergeDeep, tryParse } from "../../../core/values/json.js";
import { leftOut } from "../../shared/common/kind-requests.js";
import { aspectOf, pictureType } from "../../shared/common/pictures.js";
import { decodeImagen, encodeImagen, isImagen } from "./imagen.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** Pictures of Gemini's models, which answer a chat with them: https://ai.google.dev/gemini-api/docs/image-generation */
export const imageCodec: KindCodec<"image"> = {
  encode(request, target) {
    if (isImagen(target.model)) return encodeImagen(request, target);
    const warnings: Warning[] = [];
    const aspectRatio = aspectOf(request, warnings);
    if (request.n !== undefined && request.n > 1)
      warnings.push(leftOut("n", "one picture is made at a time"));
    if (request.mask !== undefined)
      warnings.push(leftOut("mask", "say in words where the picture may change"));
    for (const field of ["quality", "background", "format", "user"] as const)
      if (request[field] !== undefined) warnings.push(leftOut(field, "a chat model has no field for it"));
    const { http, ...encoded } = encodeRequest(chatOf(request), "unary", target);
    const body = tryParse(http.body ?? "");
    const config: JsonObject = {
      generationConfig: {
        responseModalities: ["TEXT", "IMAGE"],
        ...(aspectRatio === undefined ? {} : { imageConfig: { aspectRatio } }),
      },
    };
    const whole = isObject(body) ? mergeDeep(config, body) : config;
    return { http: { ...http, body: JSON.stringify(whole) }, warnings: [...warnings, ...encoded.warnings] };
  },
  decode(reply, target) {
    if (isImagen(target.model)) return decodeImagen(reply);
    const { content, facts } = decodeReply(reply, target);
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return {
      images: content.flatMap((part) => {
        if (part.type !== "image" || part.data === undefined) return [];
        return [{ data: part.data, mediaType: pictureType(part.data) ?? part.mediaType }];
      }),
      ...(text === "" ? {} : { text }),
      ...(facts.id === undefined ? {} : { id: facts.id }),
      ...(facts.model === undefined ? {} : { model: facts.model }),
      ...(facts.usage === undefined ? {} : { usage: facts.usage }),
    };
  },
};

function chatOf({ prompt, images = [], seed, extensions }: ImageRequest): ChatRequest {
  const pictures = images.map((image) => ({ type: "image" as const, ...image }));
  return {
    messages: [{ role: "user", content: [{ type: "text", text: prompt }, ...pictures] }],
    ...(seed === undefined ? {} : { seed }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}
