import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT_SECRET = "client-secret-that-must-not-leak";

/** A person that the identity provider knows. */
export interface Person {
  readonly name: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly groups?: readonly string[];
}

/** A real OpenID provider on loopback. It logs in `who` without asking. */
export class IdentityProvider {
  /** The account that logs in next. */
  who = "";
  private provider: Provider | undefined;
  /** The same for each {@link serve}: relying parties remember it by its id. */
  private readonly key = {
    ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
    ...{ alg: "RS256", use: "sig", kid: "one" },
  };

  private constructor(
    private readonly server: Server,
    private readonly people: Readonly<Record<string, Person>>,
  ) {}

  static async start(people: Readonly<Record<string, Person>>): Promise<IdentityProvider> {
    const server = createServer();
    const own = new IdentityProvider(server, people);
    server.on("request", (request, response) => void own.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return own;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets clients of these addresses log people in. */
  serve(redirectUris: readonly string[]): void {
    this.provider = new Provider(this.issuer, {
      clients: ["gateway", "another"].map((id) => ({
        client_id: id,
        client_secret: CLIENT_SECRET,
        redirect_uris: redirectUris,
        grant_types: ["authorization_code"],
        response_types: ["code"],
      })),
      jwks: { keys: [this.key] },
      cookies: { keys: ["a-key-of-the-tests"] },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      pkce: { required: () => true },
      findAccount: (_: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, ...this.people[accountId] }),
      }),
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (provider === undefined) {
      response.writeHead(503).end();
      return;
    }
    if (!request.url?.startsWith("/interaction/")) {
      provider.callback()(request, response);
      return;
    }
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    const finish = (result: object, merge: boolean) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: merge });
    if (prompt.name === "login") {
      await finish({ login: { accountId: this.who } }, false);
      return;
    }
    const grant = new provider.Grant({ accountId: session?.accountId ?? "", clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await finish({ consent: { grantId: await grant.save() } }, true);
  }
}
