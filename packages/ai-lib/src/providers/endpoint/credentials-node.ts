import type { TokenSource } from "../../wire/auth.js";

/**
 * AWS credentials from the vendor's own chain. Node's side of `#credentials`; elsewhere: `credentials-none.ts`.
 * @throws where the optional package is not installed.
 */
export async function awsChain(profile: string | undefined): Promise<TokenSource> {
  try {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    return fromNodeProviderChain(profile === undefined ? {} : { profile });
  } catch (error) {
    throw new Error("the package @aws-sdk/credential-providers cannot be loaded", { cause: error });
  }
}

/** The text of a credentials file. */
export async function readCredentialsFile(path: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  return readFile(path, "utf8");
}
