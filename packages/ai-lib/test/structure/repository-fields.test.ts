import { describe, expect, it } from "vitest";

const { missingRepositoryFields, repositoryFields } = await import(
  new URL("../../../../scripts/repository-fields.mjs", import.meta.url).href
);

describe("the fields that name the repository", () => {
  it.each([
    "git@github.com:labs/ai-lib.git",
    "https://github.com/labs/ai-lib",
    "https://user@github.com/labs/ai-lib.git",
    "ssh://git@github.com/labs/ai-lib.git",
  ])("come from the remote %s", (remote) => {
    const fields = repositoryFields(remote, "packages/cli");
    expect(fields).toEqual({
      repository: {
        type: "git",
        url: "git+https://github.com/labs/ai-lib.git",
        directory: "packages/cli",
      },
      homepage: "https://github.com/labs/ai-lib#readme",
      bugs: { url: "https://github.com/labs/ai-lib/issues" },
    });
    expect(missingRepositoryFields(fields)).toEqual([]);
  });

  it.each(["", "/srv/git/ai-lib", "origin"])("do not come from %j", (remote) => {
    expect(repositoryFields(remote, "packages/cli")).toBeUndefined();
  });

  it("are asked for before a release", () => {
    expect(missingRepositoryFields({})).toEqual(["repository", "homepage", "bugs"]);
  });
});
