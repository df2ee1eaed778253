import { redactor } from "ai-lib/logs";
import { usageError } from "./errors.js";

/** The name of a variable that holds a secret, as files of environment variables have it. */
const SECRET_NAME = /(?:_KEY|_TOKEN|_SECRET|PASSWORD)$/;
/** The shortest value that may be a secret, in characters. */
const SHORTEST = 8;

/** Whether a line assigns a secret: `export GROQ_API_KEY=gsk_...`. */
function assignsSecret(line: string): boolean {
  const at = line.indexOf("=");
  if (at <= 0) return false;
  const name = line
    .slice(0, at)
    .trim()
    .replace(/^export /, "");
  const value = line.slice(at + 1).trim();
  return (
    /^[A-Z][A-Z0-9_]*$/.test(name) &&
    SECRET_NAME.test(name) &&
    value.length >= SHORTEST &&
    !value.includes(" ")
  );
}

/** One word of mixed characters, as long as keys are. */
const ONE_TOKEN = /^(?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9_.-]{24,}$/;

/** Whether text from standard input holds a credential: a key alone, a file of variables, or a known form of key. */
function holdsSecret(text: string): boolean {
  return ONE_TOKEN.test(text.trim()) || text.split("\n").some(assignsSecret) || redactor()(text) !== text;
}

/**
 * Refuses a prompt from standard input that holds a credential, before anything is sent.
 * @throws {AiLibError} `CONFIG_ERROR` that says how to store a key, and how to send the text if it is no secret.
 */
export function refuseSecrets(text: string): void {
  if (text === "" || !holdsSecret(text)) return;
  throw usageError(
    [
      "Standard input holds what looks like an API key or a password; nothing was sent. Do one of these:",
      "  ai-lib keys set groq < key.txt      store a key",
      "  ai-lib ask --allow-secrets ...      send the text to the model",
    ].join("\n"),
  );
}
