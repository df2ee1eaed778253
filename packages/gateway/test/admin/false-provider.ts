import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is different from an honest provider. */
export interface Falsehood {
  /** Claims of ID tokens in place of the right ones; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** How ID tokens are signed. Default: with the key that the provider publishes. */
  readonly signature?: "none" | "another key" | "client secret";
  /** The answer of the token endpoint in place of the right one. */
  readonly token?: { readonly status: number; readonly body: string } | "hangs" | "breaks";
  readonly discovery?: { readonly status: number; readonly body: string } | "hangs" | "breaks";
  /** The discovery document names this issuer. */
  readonly issuer?: string;
}

const pairs = [1, 2].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An OpenID provider on loopback that lies as it is asked to. Everybody is `ana`, an administrator. */
export class FalseProvider {
  falsehood: Falsehood = {};
  /** Requests to the token endpoint. */
  asked = 0;
  private nonce = "";

  private constructor(
    private readonly server: Server,
    private readonly clientSecret: string,
  ) {}

  static async start(clientSecret: string): Promise<FalseProvider> {
    const server = createServer();
    const own = new FalseProvider(server, clientSecret);
    server.on("request", (request, response) => own.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return own;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.issuer);
    const { discovery, token } = this.falsehood;
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        send(response, discovery ?? { status: 200, body: JSON.stringify(this.document()) });
        return;
      case "/authorize": {
        this.nonce = url.searchParams.get("nonce") ?? "";
        const back = new URL(url.searchParams.get("redirect_uri") ?? "");
        back.searchParams.set("code", "a-code");
        back.searchParams.set("state", url.searchParams.get("state") ?? "");
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      case "/token": {
        this.asked++;
        const body = { access_token: "a", token_type: "Bearer", expires_in: 60, id_token: this.idToken() };
        send(response, token ?? { status: 200, body: JSON.stringify(body) });
        return;
      }
      case "/keys": {
        const key = pairs[0]?.publicKey.export({ format: "jwk" });
        const keys = [{ ...key, kid: "one", alg: "RS256", use: "sig" }];
        send(response, { status: 200, body: JSON.stringify({ keys }) });
        return;
      }
      default:
        response.writeHead(404).end();
    }
  }

  private document(): object {
    const { issuer } = this;
    return {
      issuer: this.falsehood.issuer ?? issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
    };
  }

  private idToken(): string {
    const { claims, header, signature } = this.falsehood;
    const now = Math.floor(Date.now() / 1_000);
    const alg = signature === "none" ? "none" : signature === "client secret" ? "HS256" : "RS256";
    const body = {
      ...{ iss: this.issuer, aud: "gateway", sub: "ana", nonce: this.nonce, iat: now, exp: now + 60 },
      ...{ groups: ["admins"], ...claims },
    };
    const text = `${encode({ alg, kid: "one", ...header })}.${encode(body)}`;
    if (signature === "none") return `${text}.`;
    if (signature === "client secret")
      return `${text}.${createHmac("sha256", this.clientSecret).update(text).digest("base64url")}`;
    const pair = pairs[signature === "another key" ? 1 : 0];
    if (pair === undefined) throw new Error("There is no key");
    return `${text}.${createSign("sha256").update(text).sign(pair.privateKey, "base64url")}`;
  }
}

function send(response: ServerResponse, answer: { status: number; body: string } | "hangs" | "breaks"): void {
  if (answer === "hangs") return;
  if (answer === "breaks") response.destroy();
  else response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
}
