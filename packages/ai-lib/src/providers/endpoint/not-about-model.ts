import { AiLibError } from "../../core/errors/error.js";

/** The error of a request without a model: the missing object is a file or a job, for example. */
export function notAboutModel(error: unknown): AiLibError {
  const known = AiLibError.from(error);
  return known.code === "MODEL_NOT_FOUND" ? known.with({ code: "INVALID_REQUEST" }) : known;
}
