// Checks all features of one client over one upstream.
import { FEATURES } from "./features.mjs";

const LIMIT_MS = 20_000;

async function within(check) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(`nothing after ${LIMIT_MS / 1_000} s`), LIMIT_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return `${error?.name ?? "error"}: ${String(error?.message ?? error)
      .split("\n")[0]
      .slice(0, 200)}`;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A cell for each feature: `why` it does not work, if it does not, and whether the client or its vendor's API `lacks`
 * it. A feature that does not apply to the upstream has no cell.
 */
export async function checkClient(world, { name, make, lacks = {}, route }, upstream) {
  const cells = {};
  for (const [feature, check] of Object.entries(FEATURES)) {
    const lack = lacks[feature] ?? lacks[`${feature} over ${upstream}`];
    if (lack !== undefined) {
      cells[feature] = { why: lack, lacks: true };
      continue;
    }
    const endpoint = `${upstream}--${name.replace(/[^a-z0-9]+/gi, "-")}-${feature.replace(/ /g, "-")}`;
    const why = await within(async () => {
      const client = await make(await world.base(endpoint, route));
      return check({ client, sim: world.sim, endpoint });
    });
    if (why !== null) cells[feature] = { why };
  }
  return cells;
}
