import { z } from "zod";
import { Secret } from "./secret-schema.js";

const positive = z.number().positive();
const values = z.array(z.string().min(1)).min(1).optional();

/** The part `admin` of a configuration. */
export const Admin = z
  .strictObject({
    listen: z
      .strictObject({
        host: z.string().optional().describe("Default 127.0.0.1; another one needs `tls` or `tokens`"),
        port: z.int().min(0).max(65_535).optional().describe("Default 4101; 0 for a free one"),
      })
      .optional(),
    publicUrl: z
      .string()
      .optional()
      .describe("Scheme and host by which browsers reach the admin API, such as https://admin.example.com"),
    tls: z
      .strictObject({
        cert: z.string().min(1).describe("The file of the certificate chain, in PEM"),
        key: z.string().min(1).describe("The file of the private key, in PEM"),
      })
      .optional(),
    tokens: z
      .record(
        z.string().regex(/^[\w.@:+-]{1,100}$/, "a name has only letters, digits and . _ @ : + -"),
        z.strictObject({ secret: Secret, role: z.enum(["viewer", "operator", "owner"]) }),
      )
      .optional()
      .describe("Tokens of programs, by names that the audit log shows"),
    oidc: z
      .strictObject({
        issuer: z.string().min(1).describe("The address of the identity provider"),
        clientId: z.string().min(1),
        clientSecret: Secret.optional().describe(
          "Default: none, for a public client, which only PKCE protects",
        ),
        scopes: z.array(z.string().min(1)).min(1).optional().describe("Default openid, profile, email"),
        claim: z.string().min(1).optional().describe("The claim that decides the role. Default groups"),
        roles: z
          .strictObject({ viewer: values, operator: values, owner: values })
          .describe("Values of the claim that give each role; the highest role counts"),
      })
      .optional()
      .describe("Login of people with OpenID Connect"),
    sessions: z
      .strictObject({
        idleMs: positive
          .optional()
          .describe("Milliseconds until a session without requests ends. Default 3600000"),
        totalMs: positive.optional().describe("Milliseconds until a session ends. Default 43200000"),
      })
      .optional(),
    changesPerMinute: z
      .int()
      .positive()
      .optional()
      .describe("Changes that one token or person may make in a minute. Default 120"),
  })
  .describe(
    "The admin API, on an address of its own. Default: served only if the variable AI_LIB_GATEWAY_ADMIN_TOKEN is set",
  );

/** The part `admin` of the file. */
export type AdminNode = z.input<typeof Admin>;
