import { type FetchedMedia, MediaRefusal, type MediaRequest } from "./media-fetch.js";

/**
 * Where addresses cannot be checked before a connection is made (browsers, workers), nothing is fetched.
 * @throws {MediaRefusal} always.
 */
export function fetchMedia(_url: string, _request: MediaRequest): Promise<FetchedMedia> {
  return Promise.reject(new MediaRefusal("media are fetched on Node alone, where addresses can be checked"));
}
