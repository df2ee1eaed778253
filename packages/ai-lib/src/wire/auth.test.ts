import { describe, expect, it } from "vitest";
import type { AuthStyle, TransportRequest } from "../core/contract/transport.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { Authorizer, awsEnvironment, type ExpiringToken } from "./auth.js";

function request(clock = new VirtualClock(), rest: Partial<TransportRequest> = {}): TransportRequest {
  return {
    url: "https://host/v1/chat",
    method: "POST",
    headers: { accept: "application/json" },
    body: "{}",
    connectMs: 1000,
    clock,
    ...rest,
  };
}

describe("a static key", () => {
  it.each<[AuthStyle, Partial<TransportRequest>]>([
    [{ style: "none" }, { headers: { accept: "application/json" } }],
    [{ style: "bearer" }, { headers: { accept: "application/json", authorization: "Bearer k/1" } }],
    [
      { style: "header", header: "X-Api-Key" },
      { headers: { accept: "application/json", "x-api-key": "k/1" } },
    ],
    [
      { style: "header", header: "authorization", prefix: "Key " },
      { headers: { accept: "application/json", authorization: "Key k/1" } },
    ],
    [{ style: "query", parameter: "key" }, { url: "https://host/v1/chat?key=k%2F1" }],
    [
      { style: "sigv4", service: "bedrock" },
      { headers: { accept: "application/json", authorization: "Bearer k/1" } },
    ],
  ])("is put on at once in the style %j", (style, expected) => {
    const given = request();
    const authorized = new Authorizer(style, "k/1").authorize(given);
    expect(authorized).not.toBeInstanceOf(Promise);
    expect(authorized).toEqual({ ...given, ...expected });
    expect(given.headers).toEqual({ accept: "application/json" });
  });

  it("joins a query that is there already", () => {
    const authorized = new Authorizer({ style: "query", parameter: "key" }, "k").authorize(
      request(undefined, { url: "https://host/?alt=sse" }),
    );
    expect(authorized).toMatchObject({ url: "https://host/?alt=sse&key=k" });
  });

  it("that holds a line break is refused without being shown", () => {
    expect(() => new Authorizer({ style: "bearer" }, "sk-\nsecret").authorize(request())).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR", message: expect.not.stringContaining("sk-secret") }),
    );
  });

  it("may be missing if the endpoint wants none", () => {
    const given = request();
    expect(new Authorizer({ style: "bearer" }, undefined).authorize(given)).toBe(given);
  });

  it("is named among the secrets of a request", () => {
    const authorizer = new Authorizer({ style: "bearer" }, "sk-secret");
    expect(authorizer.secrets()).toEqual(["sk-secret"]);
  });
});

describe("a token source", () => {
  it("is asked once for all that wait, and again only shortly before the token expires", async () => {
    const clock = new VirtualClock(0);
    let asked = 0;
    const source = (): Promise<ExpiringToken> => {
      asked++;
      return Promise.resolve({ token: `t${asked}`, expiresAt: clock.now() + 3_600_000 });
    };
    const authorizer = new Authorizer({ style: "bearer" }, source);
    const both = await Promise.all([
      authorizer.authorize(request(clock)),
      authorizer.authorize(request(clock)),
    ]);
    expect(both.map((one) => one.headers["authorization"])).toEqual(["Bearer t1", "Bearer t1"]);
    expect(authorizer.secrets()).toContain("t1");
    await clock.advance(3_000_000);
    expect(authorizer.authorize(request(clock))).toMatchObject({ headers: { authorization: "Bearer t1" } });
    await clock.advance(590_000);
    expect((await authorizer.authorize(request(clock))).headers["authorization"]).toBe("Bearer t2");
    expect(asked).toBe(2);
  });

  it("that gives a bare string is asked for each request", async () => {
    let asked = 0;
    const authorizer = new Authorizer({ style: "bearer" }, () => `t${++asked}`);
    await authorizer.authorize(request());
    const second = await authorizer.authorize(request());
    expect(second.headers["authorization"]).toBe("Bearer t2");
  });

  it("that fails is AUTH_FAILED, sent nothing, and may be asked again", async () => {
    let fail = true;
    const authorizer = new Authorizer({ style: "bearer" }, () => {
      if (fail) throw new Error("identity server is down");
      return "t";
    });
    await expect(authorizer.authorize(request())).rejects.toMatchObject({ code: "AUTH_FAILED", local: true });
    fail = false;
    await expect(authorizer.authorize(request())).resolves.toMatchObject({
      headers: { authorization: "Bearer t" },
    });
  });
});

describe("AWS credentials", () => {
  // The published example of Signature Version 4, test suite "get-vanilla-query-order-key-case".
  it("sign as the reference does", async () => {
    const clock = new VirtualClock(Date.parse("2015-08-30T12:36:00Z"));
    const authorizer = new Authorizer(
      { style: "sigv4", service: "service" },
      { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
      "us-east-1",
    );
    const signed = await authorizer.authorize({
      url: "https://example.amazonaws.com/?Param2=value2&Param1=value1",
      method: "GET",
      headers: {},
      connectMs: 1000,
      clock,
    });
    expect(signed.headers["x-amz-date"]).toBe("20150830T123600Z");
    expect(signed.headers["authorization"]).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
        "SignedHeaders=host;x-amz-date, " +
        "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    );
    expect(authorizer.secrets()).toEqual(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"]);
  });

  it("carry their session token, and need a region", async () => {
    const credentials = { accessKeyId: "A", secretAccessKey: "S", sessionToken: "T" };
    const signed = await new Authorizer(
      { style: "sigv4", service: "bedrock" },
      credentials,
      "eu-west-1",
    ).authorize(request());
    expect(signed.headers["x-amz-security-token"]).toBe("T");
    await expect(
      new Authorizer({ style: "sigv4", service: "bedrock" }, credentials).authorize(request()),
    ).rejects.toMatchObject({ code: "CONFIG_ERROR", message: expect.stringContaining("AWS_REGION") });
  });

  it("do not fit another style, nor a body that streams", async () => {
    const credentials = { accessKeyId: "A", secretAccessKey: "S" };
    expect(() => new Authorizer({ style: "bearer" }, credentials).authorize(request())).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
    const body = (async function* () {
      yield new Uint8Array(1);
    })();
    await expect(
      new Authorizer({ style: "sigv4", service: "bedrock" }, credentials, "eu-west-1").authorize(
        request(undefined, { body }),
      ),
    ).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("are read from the environment as AWS tools read them", () => {
    expect(awsEnvironment({ AWS_ACCESS_KEY_ID: "A" })).toBeUndefined();
    expect(
      awsEnvironment({
        AWS_ACCESS_KEY_ID: " A ",
        AWS_SECRET_ACCESS_KEY: "S",
        AWS_SESSION_TOKEN: "",
        AWS_DEFAULT_REGION: "eu-west-1",
      }),
    ).toEqual({
      credentials: { accessKeyId: "A", secretAccessKey: "S", sessionToken: undefined },
      region: "eu-west-1",
    });
  });
});
