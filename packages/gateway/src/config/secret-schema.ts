import { z } from "zod";

/** What a text or a number in the place of a secret is refused with. */
const error = (issue: { readonly code: string }) =>
  issue.code === "invalid_type"
    ? "a secret is { env: NAME } or { file: FILE }, never the secret itself"
    : undefined;

/** A secret is never in the file: the name of an environment variable, or of a file that holds it. */
export const Secret = z
  .union([
    z.strictObject(
      { env: z.string().min(1).describe("The environment variable that holds the secret") },
      { error },
    ),
    z.strictObject(
      {
        file: z.string().min(1).describe("The file that holds the secret; white space around it is removed"),
      },
      { error },
    ),
  ])
  .meta({ id: "Secret", description: "Where a secret is: never the secret itself" });

/** A reference to a secret. */
export type SecretNode = z.input<typeof Secret>;
