import { BlockList, isIP } from "node:net";
import { configError } from "./config-error.js";

/** Addresses at which clouds answer with credentials, and all that only this link reaches. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet("169.254.0.0", 16, "ipv4");
LINK_LOCAL.addSubnet("fe80::", 10, "ipv6");
LINK_LOCAL.addAddress("fd00:ec2::254", "ipv6");
LINK_LOCAL.addAddress("100.100.100.200", "ipv4");
LINK_LOCAL.addAddress("192.0.0.192", "ipv4");

const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata.google.internal",
  "metadata.goog",
  "metadata",
  "instance-data",
]);

/**
 * Refuses an address that requests must not go to: link-local ones and the metadata services of clouds. A name that
 * resolves to one is not found out here.
 * @throws {AiLibError} `CONFIG_ERROR` naming the host.
 */
export function requirePublicAddress(address: string): void {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw configError(`${JSON.stringify(address)} is not an address such as https://host/path`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw configError(`the address ${url.protocol}//... is neither http nor https`);
  // URL writes every spelling of an IPv4 address, such as a decimal number, in four parts.
  const host = url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (isRefused(host))
    throw configError(`requests must not go to ${host}: it is link-local or a metadata service`);
}

function isRefused(host: string): boolean {
  if (METADATA_NAMES.has(host)) return true;
  const family = isIP(host);
  if (family === 0) return false;
  if (LINK_LOCAL.check(host, family === 4 ? "ipv4" : "ipv6")) return true;
  return family === 6 && LINK_LOCAL.check(host, "ipv6");
}
