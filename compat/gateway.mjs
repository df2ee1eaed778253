// A gateway whose only route is one upstream, for the folders that run their clients through it.

/** The parts of the gateway, from its build. */
export const gatewayParts = () => import("../packages/gateway/dist/embed.js");

/**
 * Starts a gateway on a free port of 127.0.0.1. Every model that a client names is the upstream's.
 * @param parts of {@link gatewayParts}
 * @param key the key that clients send. Default: they need none.
 */
export async function startGateway(parts, { provider, model, settings, key, ...more }) {
  const { Gateway, KeyService, ModelTable, OpenAdmission, declaredKey } = parts;
  const routes = [{ name: "house", provider, model, ...(settings && { settings }) }];
  const table = new ModelTable({
    routes,
    providers: new Map(),
    aliases: [["*", "house"]],
    fallback: "house",
  });
  const declared = key && { keys: [declaredKey("client", key, {}, "")], groups: [] };
  const admission = declared
    ? await (await KeyService.open()).serve({ table, declared })
    : new OpenAdmission();
  return Gateway.start({ table, admission, ...more }, { host: "127.0.0.1", port: 0 });
}
