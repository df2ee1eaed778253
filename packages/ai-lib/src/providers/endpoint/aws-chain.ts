import { configError, messageOf } from "../../core/errors/error.js";
import type { TokenSource } from "../../wire/auth.js";
import { type Environment, readVariable } from "./environment.js";

/**
 * Variables that name the source of AWS credentials: a profile (files, SSO, roles), a web identity (EKS, CI), or a
 * container (ECS, Lambda). https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
const SIGNS = [
  "AWS_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** AWS credentials by the vendor's own chain, if the environment names a source. */
export function chainOf(
  environment: Environment,
): { readonly credential: TokenSource; readonly alias: string } | undefined {
  const sign = readVariable(environment, SIGNS);
  if (sign === undefined) return undefined;
  const profile = readVariable(environment, ["AWS_PROFILE"])?.value;
  let chain: Promise<TokenSource> | undefined;
  return {
    alias: sign.name,
    credential: async () => {
      chain ??= loadChain(sign.name, profile);
      return (await chain)();
    },
  };
}

async function loadChain(sign: string, profile: string | undefined): Promise<TokenSource> {
  const { awsChain } = await import("#credentials");
  try {
    return await awsChain(profile);
  } catch (error) {
    throw configError(
      `${sign} is set, and credentials of profiles, SSO and roles need @aws-sdk/credential-providers: ${messageOf(error)}`,
    );
  }
}
