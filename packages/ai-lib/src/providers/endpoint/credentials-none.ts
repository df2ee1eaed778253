import type { TokenSource } from "../../wire/auth.js";

const NONE = "there are no files here";

/** Where there is no file system (browsers, workers): profiles and roles are configured in files. */
export function awsChain(_profile: string | undefined): Promise<TokenSource> {
  return Promise.reject(new Error(NONE));
}

/** @throws always: there is no file system. */
export function readCredentialsFile(_path: string): Promise<string> {
  return Promise.reject(new Error(NONE));
}
