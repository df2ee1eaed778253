import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { imageLaws } from "../../../core/kinds/image.js";
import { asArray, asNumber, asObject, asString } from "../../../core/values/json.js";
import { defined, numberField } from "../../shared/common/body-fields.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { decodeSegment } from "../../shared/common/path-segment.js";

const PATH = /\/([^/]+):predict$/;

const KNOWN: ReadonlySet<string> = new Set(["sampleCount", "aspectRatio", "seed", "outputOptions"]);

const FORMATS = ["png", "jpeg", "webp"] as const;

/** The server half of Imagen. https://ai.google.dev/gemini-api/docs/imagen */
export const imageServer: ServerKindCodec<"image"> = {
  laws: imageLaws,
  matches: ({ method, path }) => method === "POST" && PATH.test(path),
  decode({ path, body: given }) {
    const body = bodyOf(given);
    const [, name = ""] = PATH.exec(path) ?? [];
    const prompt = asString(asObject(asArray(body["instances"])[0])?.["prompt"]);
    if (prompt === undefined) throw invalidRequest("`instances` must hold one object with a `prompt`");
    const parameters = asObject(body["parameters"]) ?? {};
    const type = asString(asObject(parameters["outputOptions"])?.["mimeType"])?.replace("image/", "");
    const format = FORMATS.find((each) => each === type);
    return {
      model: decodeSegment(name),
      prompt,
      ...defined({
        n: numberField(parameters, "sampleCount"),
        aspectRatio: asString(parameters["aspectRatio"]),
        seed: asNumber(parameters["seed"]),
        format,
      }),
      ...extensionsOf("gemini", unknownFields(parameters, KNOWN)),
    };
  },
  encode({ images }) {
    const predictions = images.flatMap(({ data, mediaType = "image/png", revisedPrompt }) =>
      data === undefined
        ? []
        : [{ bytesBase64Encoded: data, mimeType: mediaType, ...defined({ prompt: revisedPrompt }) }],
    );
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ predictions }),
    };
  },
};
