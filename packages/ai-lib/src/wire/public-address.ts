import { BlockList, isIP } from "node:net";

/**
 * IPv4 addresses that are not of the public internet, or that a cloud answers at: the registry of special addresses
 * (https://www.iana.org/assignments/iana-ipv4-special-registry), and the agent of Azure's hosts
 * (https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
const SPECIAL_IPV4 = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  SPECIAL_IPV4.addSubnet(net, bits, "ipv4");

/** All public IPv6 addresses: https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_IPV6 = new BlockList();
GLOBAL_IPV6.addSubnet("2000::", 3, "ipv6");

/**
 * Those within that are not: protocol assignments with Teredo, documentation and 6to4, which holds an IPv4 address
 * (https://www.iana.org/assignments/iana-ipv6-special-registry).
 */
const SPECIAL_IPV6 = new BlockList();
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  SPECIAL_IPV6.addSubnet(net, bits, "ipv6");

/** Whether an IP address is one of the public internet. Anything that is no IP address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !SPECIAL_IPV4.check(address, "ipv4");
  return family === 6 && GLOBAL_IPV6.check(address, "ipv6") && !SPECIAL_IPV6.check(address, "ipv6");
}
