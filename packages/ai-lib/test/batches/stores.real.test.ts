import { appendFile, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderBatches, memoryBatches } from "../../src/batches/index.js";
import { batchStoreConformance } from "../../src/testing/index.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ai-lib-stores-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("batches in memory", () => {
  for (const { name, run } of batchStoreConformance(() => ({ store: memoryBatches() }))) it(name, run);
});

describe("batches in a folder", () => {
  for (const { name, run } of batchStoreConformance(async () => {
    const place = await mkdtemp(join(folder, "case-"));
    return { store: await folderBatches(place), peer: await folderBatches(place) };
  }))
    it(name, run);

  it("are readable by the user alone", async () => {
    const place = await mkdtemp(join(folder, "private-"));
    const store = await folderBatches(place);
    await store.put({ id: "a", createdAt: 1 });
    await (await store.write("a", "rows.jsonl")).end();
    for (const name of ["", ...(await readdir(join(place, "a")))])
      expect([name, (await stat(join(place, "a", name))).mode & 0o077]).toEqual([name, 0]);
  });

  it("lose a line that a crash tore, and no other", async () => {
    const place = await mkdtemp(join(folder, "torn-"));
    const store = await folderBatches(place);
    await store.put({ id: "a", createdAt: 1 });
    const first = await store.append("a", "f");
    await first.write("whole");
    await first.end();
    await appendFile(join(place, "a", "f"), '{"torn');
    const second = await store.append("a", "f");
    await second.write("next");
    await second.end();
    const bytes = await store.slice("a", "f", 0, 100);
    expect(new TextDecoder().decode(bytes)).toBe("whole\nnext\n");
  });

  it("free the lock of a process that is gone, or was silent for long, and no other", async () => {
    const place = await mkdtemp(join(folder, "locks-"));
    const store = await folderBatches(place);
    await store.put({ id: "a", createdAt: 1 });
    const path = join(place, "a", "steps.lock");
    const holder = (pid: number, host: string) => writeFile(path, JSON.stringify({ pid, host }));
    await holder(process.pid, hostname());
    expect(await store.lock("a", "steps")).toBeUndefined();
    await holder(1, "another machine");
    expect(await store.lock("a", "steps")).toBeUndefined();
    const long = new Date(Date.now() - 60_000);
    await utimes(path, long, long);
    const freed = await store.lock("a", "steps");
    expect(freed).toBeDefined();
    await freed?.release();
    // No process has this number on any machine.
    await holder(4_194_305, hostname());
    const dead = await store.lock("a", "steps");
    expect(dead).toBeDefined();
    await dead?.release();
  });

  it("take no id that leaves the folder", async () => {
    const store = await folderBatches(folder);
    await expect(store.get("../a")).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  });
});
