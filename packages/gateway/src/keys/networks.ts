import { BlockList, isIP } from "node:net";

/** IPv4 addresses as sockets that listen on IPv6 show them. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/** Whether a text is an address or a network such as `10.0.0.0/8` or `2001:db8::/32`. */
export function isNetwork(text: string): boolean {
  const { address, prefix } = parse(text);
  const version = isIP(address);
  if (version === 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/** Makes a test for addresses of clients. @param networks each must be a network by {@link isNetwork} */
export function networkTest(networks: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const { address, prefix } = parse(network);
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (given) => {
    const address = given?.replace(MAPPED, "") ?? "";
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}

function parse(text: string): { readonly address: string; readonly prefix: string | undefined } {
  const slash = text.indexOf("/");
  return slash === -1
    ? { address: text, prefix: undefined }
    : { address: text.slice(0, slash), prefix: text.slice(slash + 1) };
}
