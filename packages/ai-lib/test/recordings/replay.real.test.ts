import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonical, differences, recordedCases } from "../support/recordings.js";
import { replayServer } from "../support/replay-server.js";
import { describeReplay } from "./describe-replay.js";
import { deviations } from "./deviations.js";
import { APIS, providerFor, run } from "./replay.js";

describe.each(Object.entries(APIS))("recorded %s exchanges", (api, dialect) => {
  const cases = recordedCases(api);
  describeReplay(cases, dialect);

  let server: Awaited<ReturnType<typeof replayServer>>;

  beforeAll(async () => {
    server = await replayServer(cases.map(({ recording }) => recording));
  });
  afterAll(async () => {
    await server.close();
  });

  it("decode to what the answer key says, over real sockets", async () => {
    const unexplained: string[] = [];
    const score = new Map<string, { asserted: number; equal: number; deviating: number }>();
    let deviating = 0;
    for (const [i, { recording, expected }] of cases.entries()) {
      const outcome = await run(recording, providerFor(recording, dialect, `${server.url}/${i}`));
      const found = differences(expected, outcome);
      const known = deviations.filter((deviation) => deviation.id === recording.id);
      for (const { field, expected: want, got } of found) {
        const excused = known.some(
          (deviation) => deviation.field === field && canonical(deviation.got) === canonical(got),
        );
        if (!excused)
          unexplained.push(`${recording.id} ${field}: expected ${canonical(want)}, got ${canonical(got)}`);
      }
      for (const { field } of known)
        if (!found.some((one) => one.field === field))
          unexplained.push(`${recording.id} ${field}: deviates no longer`);
      const line = score.get(recording.provider) ?? { asserted: 0, equal: 0, deviating: 0 };
      line.asserted++;
      if (found.length === 0) line.equal++;
      else line.deviating++;
      if (found.length > 0) deviating++;
      score.set(recording.provider, line);
    }
    const total = `${api}: ${cases.length} asserted, ${cases.length - deviating} equal, ${deviating} deviating`;
    console.log(
      [
        total,
        ...[...score].map(
          ([name, s]) => `  ${name}: ${s.asserted} asserted, ${s.equal} equal, ${s.deviating} deviating`,
        ),
      ].join("\n"),
    );
    expect(unexplained).toEqual([]);
    expect(deviating).toBeLessThanOrEqual(Math.floor(cases.length / 100));
  }, 120_000);
});
