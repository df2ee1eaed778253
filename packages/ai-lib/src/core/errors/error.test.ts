import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../values/error-code.js";
import {
  AiLibError,
  type AiLibErrorInit,
  cancelled,
  configError,
  invalidRequest,
  messageOf,
} from "./error.js";
import { isRetryable, REACTIONS, reactionTo } from "./reactions.js";

const full: AiLibErrorInit = {
  code: "RATE_LIMIT",
  message: "too fast",
  scope: "account",
  retryAt: 0,
  local: false,
  target: { provider: "p", key: "work" },
  status: 429,
  requestId: "r1",
  headers: { "retry-after": "0" },
  body: "{}",
  committed: true,
  cause: new Error("secret of the transport"),
};

describe("an error", () => {
  it("is known across copies of the package", async () => {
    // A query makes another module of the same file, as a second installed copy would.
    const path = "./error.js?copy";
    const copy = (await import(/* @vite-ignore */ path)) as typeof import("./error.js");
    expect(copy.AiLibError).not.toBe(AiLibError);
    const foreign = new copy.AiLibError({ code: "OVERLOADED", message: "busy" });
    expect(foreign instanceof AiLibError).toBe(false);
    expect(AiLibError.is(foreign)).toBe(true);
    expect(copy.AiLibError.is(new AiLibError(full))).toBe(true);
    expect(AiLibError.from(foreign)).toBe(foreign);
  });

  it.each([undefined, null, 0, "AiLibError", {}, new Error("x"), { code: "OVERLOADED", name: "AiLibError" }])(
    "is not %s",
    (value) => {
      expect(AiLibError.is(value)).toBe(false);
    },
  );

  it("takes severity, scope and whether to continue from the table; its own scope takes precedence", () => {
    for (const code of Object.keys(REACTIONS) as ErrorCode[]) {
      const error = new AiLibError({ code, message: "m" });
      expect(error.severity).toBe(REACTIONS[code].severity);
      expect(error.scope).toBe(REACTIONS[code].scope);
      expect(error.retryable).toBe(isRetryable({ code }));
      expect(error.errorCodeWithSeverity()).toBe(`${error.severity}_${code}`);
    }
    expect(new AiLibError(full).scope).toBe("account");
  });

  it("keeps its facts under another context, and the original as it was", () => {
    const error = new AiLibError(full);
    const told = error.withContext("while asking p").withContext("in a batch");
    expect(told.message).toBe("in a batch: while asking p: too fast");
    expect(error.message).toBe("too fast");
    expect({ ...told.toJSON(), message: "" }).toEqual({ ...error.toJSON(), message: "" });
    expect(told.cause).toBe(error.cause);
    expect(told.stack).toContain("in a batch: while asking p: too fast");
    expect(told.stack?.split("\n").slice(1)).toEqual(error.stack?.split("\n").slice(1));
  });

  it.each(["", "Error", "at", "$& $1 $`"])("keeps its stack under another message than %j", (message) => {
    const told = new AiLibError({ code: "OVERLOADED", message }).with({ message: "$& anew" });
    expect(told.message).toBe("$& anew");
    expect(told.stack).toContain("error.test");
    expect(inspect(told)).toContain("error.test");
  });

  it("prints only the fields that it has", () => {
    const error = new AiLibError({ code: "CONFIG_ERROR", message: "m", status: 400 });
    expect(Object.keys(error)).toContain("status");
    expect(Object.keys(error).filter((field) => error[field as keyof AiLibError] === undefined)).toEqual([]);
    expect("retryAt" in error).toBe(true);
    expect(error.retryAt).toBeUndefined();
  });

  it("replaces what is named, an explicit 0, false and undefined as well", () => {
    const error = new AiLibError(full).with({ retryAt: undefined, committed: false, status: 0 });
    expect([error.retryAt, error.committed, error.status]).toEqual([undefined, false, 0]);
    expect(new AiLibError(full).retryAt).toBe(0);
  });

  it("keeps the start of a body and no more", () => {
    const { body } = new AiLibError({ code: "PROVIDER_ERROR", message: "m", body: "x".repeat(1_000_000) });
    expect(body?.length).toBeLessThanOrEqual(10_000);
  });

  it("shows no cookie, cause or partial answer when it is serialized", () => {
    const headers = { "Set-Cookie": "sid=hush", "set-cookie2": "hush", cookie: "hush", "x-id": "1" };
    const error = new AiLibError({ ...full, headers, partial: { text: "hush" } as never });
    const written = JSON.stringify(error);
    expect(written).not.toContain("hush");
    expect(written).not.toContain("secret of the transport");
    expect(JSON.parse(written)).toMatchObject({
      name: "AiLibError",
      code: "RATE_LIMIT",
      message: "too fast",
      retryAt: 0,
      committed: true,
      headers: { "x-id": "1" },
    });
    expect(error.headers).toEqual({ "x-id": "1" });
  });

  it("shows only the facts that it has", () => {
    expect(Object.keys(configError("m").toJSON())).not.toContain("status");
  });
});

describe("anything that is thrown becomes an error", () => {
  const unspeakable = {
    toString() {
      throw new Error("no");
    },
  };
  const thrown: [string, unknown, string][] = [
    ["a text", "oops", "oops"],
    ["an error", new RangeError("too far"), "too far"],
    ["nothing", undefined, "undefined"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object without prototype", Object.create(null), "A value without a message was thrown"],
    ["an object that throws as text", unspeakable, "A value without a message was thrown"],
  ];
  it.each(thrown)("%s", (_, value, message) => {
    const error = AiLibError.from(value);
    expect(error).toMatchObject({ code: "PROVIDER_ERROR", message });
    expect(error.cause).toBe(value);
    expect(messageOf(value)).toBe(message);
  });

  it("with the code that its place names, and an abort as what it is", () => {
    expect(AiLibError.from("x", "CONFIG_ERROR").code).toBe("CONFIG_ERROR");
    const abort = new DOMException("left", "AbortError");
    expect(AiLibError.from(abort, "CONFIG_ERROR").code).toBe("CANCELLED");
  });
});

it("errors of the program and aborts count as local", () => {
  for (const error of [configError("m"), invalidRequest("m"), cancelled()]) {
    expect(error.local).toBe(true);
    expect(error.retryable).toBe(false);
    expect(reactionTo(error).otherProvider).not.toBe("yes");
  }
  expect(cancelled(undefined, "why").cause).toBe("why");
});
