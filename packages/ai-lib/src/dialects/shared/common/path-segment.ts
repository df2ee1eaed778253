import { invalidRequest } from "../../../core/errors/error.js";

/** The last part of a path of one model: `/models/` and what follows, which may have slashes of its own. */
const ONE_MODEL = /(?:^|\/)models\/(.+)$/;

/** Whether a request asks for one model by its id, as most APIs do: `GET .../models/{id}`. */
export function isModelPath({ method, path }: { readonly method: string; readonly path: string }): boolean {
  // Operations of a model have a path below it: https://ai.google.dev/api/models#method:-models.predictlongrunning
  return method === "GET" && ONE_MODEL.test(path) && !path.includes("/operations/");
}

/** The id in the path of one model. @throws {AiLibError} `INVALID_REQUEST` for bytes that are not text. */
export function modelIdOf({ path }: { readonly path: string }): string {
  return decodeSegment(ONE_MODEL.exec(path)?.[1] ?? "");
}

/**
 * A segment of a request's path, such as the name of a model, without its percent-encoding.
 * @throws {AiLibError} `INVALID_REQUEST` for bytes that are not text: a path may hold any.
 */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest(`The model in the path, "${segment}", is not percent-encoded`);
  }
}
