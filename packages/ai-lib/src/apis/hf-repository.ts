import { pathSegment } from "../core/contract/places.js";

/** A model on Hugging Face's Hub as a path: a name below its owner, with `/` between them. */
export function repository(model: string): string {
  return model
    .split("/")
    .map((segment) => pathSegment(segment, "The model"))
    .join("/");
}
