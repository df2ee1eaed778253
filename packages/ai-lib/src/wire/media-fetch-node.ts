import { type LookupAddress, lookup as lookupDns } from "node:dns";
import * as https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { FetchedMedia, MediaRequest } from "./media-fetch.js";
import { MediaRefusal } from "./media-fetch.js";
import { http } from "./node-http.js";
import { isPublicAddress } from "./public-address.js";

/**
 * Fetches one medium over a direct connection. The addresses that a name resolves to are checked as the connection is
 * made, so that no second answer of DNS can lead elsewhere; so is the address of each redirect.
 * @throws {MediaRefusal} for an address, a reply or a size that is not allowed; else the error of the network.
 */
export async function fetchMedia(url: string, request: MediaRequest): Promise<FetchedMedia> {
  let address = parsed(url, undefined);
  for (let redirects = 0; ; redirects++) {
    const reply = await requestMedia(address, request);
    if (!("location" in reply)) return reply;
    if (redirects >= request.maxRedirects)
      throw new MediaRefusal(`its host redirects more than ${request.maxRedirects} times`);
    const next = parsed(reply.location, address);
    if (address.protocol === "https:" && next.protocol !== "https:")
      throw new MediaRefusal("its host redirects to an address that is not encrypted");
    address = next;
  }
}

function parsed(url: string, base: URL | undefined): URL {
  let address: URL;
  try {
    address = new URL(url, base);
  } catch {
    throw new MediaRefusal("its address is malformed");
  }
  if (address.protocol !== "https:" && address.protocol !== "http:")
    throw new MediaRefusal("its address is neither https nor http");
  if (address.username !== "" || address.password !== "")
    throw new MediaRefusal("its address holds credentials");
  return address;
}

function requestMedia(
  url: URL,
  { signal, maxBytes, privateHosts }: MediaRequest,
): Promise<FetchedMedia | { readonly location: string }> {
  const host = url.hostname.toLowerCase();
  const isPrivate = privateHosts.has(host) || privateHosts.has(host.replace(/^\[|\]$/g, ""));
  const literal = host.replace(/^\[|\]$/g, "");
  if (!isPrivate && isIP(literal) !== 0 && !isPublicAddress(literal)) return Promise.reject(notPublic());
  return new Promise((resolve, reject) => {
    const client = url.protocol === "https:" ? https : http;
    const asked = client.request(
      url,
      {
        // A connection of its own, which no request to another host may share.
        agent: false,
        signal,
        headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "ai-lib" },
        ...(isPrivate ? {} : { lookup: lookupPublic }),
      },
      (reply) => {
        const { statusCode: status = 0, headers } = reply;
        const leave = (why: string): void => {
          asked.destroy();
          reject(new MediaRefusal(why));
        };
        if (status >= 300 && status <= 399 && status !== 304 && headers.location !== undefined) {
          asked.destroy();
          resolve({ location: headers.location });
          return;
        }
        if (status !== 200) return leave(`its host answered with status ${status}`);
        const coding = headers["content-encoding"] ?? "identity";
        if (coding !== "identity") return leave(`its host sent it compressed as ${coding}`);
        if (Number(headers["content-length"] ?? 0) > maxBytes) return leave(tooLarge(maxBytes));
        const pieces: Buffer[] = [];
        let size = 0;
        reply.on("data", (piece: Buffer) => {
          size += piece.length;
          if (size > maxBytes) leave(tooLarge(maxBytes));
          else pieces.push(piece);
        });
        reply.on("end", () => {
          if (reply.complete) resolve({ bytes: Buffer.concat(pieces), contentType: headers["content-type"] });
          else leave("its connection was cut");
        });
        reply.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

function tooLarge(maxBytes: number): string {
  return `it has more than the ${maxBytes} bytes that \`fetchMedia.maxBytes\` leaves`;
}

function notPublic(): MediaRefusal {
  return new MediaRefusal("its host has no public address; name it in `fetchMedia.privateHosts` to allow it");
}

/** The lookup of a connection, which fails where one of a host's addresses is not public. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookupDns(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error !== null) return callback(error, "", 0);
    const [first] = found;
    if (first === undefined || !found.every(({ address }) => isPublicAddress(address)))
      return callback(notPublic(), "", 0);
    if (options.all === true) return callback(null, found);
    callback(null, first.address, first.family);
  });
};
