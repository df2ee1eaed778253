import { describe, expect, it } from "vitest";
import { ModelTable } from "../model-table.js";
import { KeyService } from "./key-service.js";

describe("the limits of a group", () => {
  it("are its own and those of the groups that it is in, the outermost first", async () => {
    const service = await KeyService.open();
    await service.serve({
      declared: { keys: [], groups: [] },
      table: new ModelTable({ routes: [], providers: new Map() }),
    });
    const { directory } = service;
    await directory.createGroup({ id: "org", level: "organisation", limits: [{ dollars: 5, per: "day" }] });
    await directory.createGroup({ id: "lab", parent: "org", limits: [{ requests: 7, per: "minute" }] });
    await directory.createGroup({ id: "other", limits: [{ concurrent: 1 }] });
    await directory.createKey({ id: "k", group: "lab" });

    const ofGroup = await service.limitsOf("lab", "group");
    expect(ofGroup?.map(({ bucket, max, used, reserved }) => [bucket, max, used, reserved])).toEqual([
      ["group org: dollars per day", 5, 0, 0],
      ["group lab: requests per minute", 7, 0, 0],
    ]);
    // The key counts in the same buckets.
    expect(await service.limitsOf("k")).toEqual(ofGroup);
    expect(await service.limitsOf("lab")).toBeUndefined();
    expect(await service.limitsOf("k", "group")).toBeUndefined();
    await service.close();
  });
});
