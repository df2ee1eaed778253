import type { ChatRequest, JsonObject } from "ai-lib";
import { systemClock } from "ai-lib";
import { chatLaws } from "ai-lib/kit";
import type { AdmissionRequest } from "../admission.js";
import { longestMs } from "../chosen-route.js";
import type { Choice } from "../model-table.js";

/**
 * The admission that a call would ask for, without a key.
 * @param body that of the client; it counts without the spaces that a client may write
 */
export function admissionOf(body: JsonObject, request: ChatRequest, choice: Choice): AdmissionRequest {
  const { model } = request;
  return {
    id: "explained",
    principal: { id: "" },
    route: choice.route,
    choice,
    kind: "chat",
    mode: "unary",
    model,
    request,
    bodyBytes: Buffer.byteLength(JSON.stringify(body)),
    fields: body,
    estimate: chatLaws.estimate(request),
    deadline: systemClock.now() + longestMs(choice),
    session: undefined,
    user: undefined,
    tags: [],
  };
}
