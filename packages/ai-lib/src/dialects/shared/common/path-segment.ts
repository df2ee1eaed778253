import { invalidRequest } from "../../../core/errors/error.js";

/**
 * A segment of a request's path, such as the name of a model, without its percent-encoding.
 * @throws {AiLibError} `INVALID_REQUEST` for bytes that are no text: a path may hold any.
 */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest(`The model in the path, "${segment}", is not percent-encoded`);
  }
}
