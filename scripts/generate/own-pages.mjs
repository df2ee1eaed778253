// Decides which of the pages that a provider's file cites belong to the vendor.

/** Hosts that many vendors share: there, only the beginning of a path can be a vendor's own. */
const SHARED = new Set(["github.com", "npmjs.com"]);

/**
 * Whether a page is the vendor's own: at a domain of its base URL or of the page for keys, or at one of its `sites`.
 * @param data the data of a provider
 */
export function isOwnPage(data, page) {
  const { hostname, pathname } = new URL(page);
  if (domainsOf(data).has(domainOf(hostname))) return true;
  return (data.sites ?? []).some((site) =>
    site.includes("/")
      ? `${hostname}${pathname}`.startsWith(site)
      : hostname === site || hostname.endsWith(`.${site}`),
  );
}

function domainsOf({ baseUrl, baseUrlWhen = {}, keyUrl }) {
  const special = Object.values(baseUrlWhen).flatMap((urls) => Object.values(urls));
  const urls = [baseUrl, ...special, ...(keyUrl === undefined ? [] : [keyUrl])];
  // A variable is never part of a vendor's domain.
  const domains = urls.map((url) =>
    domainOf(new URL(url.replace(/^\{\w+\}/, "http://x").replace(/\{\w+\}/g, "x")).hostname),
  );
  return new Set(domains.filter((domain) => domain.includes(".") && !SHARED.has(domain)));
}

/** The last two labels of a host name. */
function domainOf(hostname) {
  return hostname.split(".").slice(-2).join(".");
}
