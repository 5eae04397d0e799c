import { readFileSync } from "node:fs";
import { ConfigError } from "../errors/errors.js";

/** A secret, or the file that holds it; a file is read at every request, so that a rotated token is taken up. */
export type Secret = string | { readonly file: string };

/** How a request shows a server who sends it. */
export type Credentials =
  | { readonly kind: "bearer"; readonly token: Secret }
  | { readonly kind: "basic"; readonly user: string; readonly password: Secret };

/**
 * The secret itself, without the line feed that editors leave at a file's end.
 *
 * @throws ConfigError naming the file (never its content) if it cannot be read or is empty.
 */
export function readSecret(secret: Secret): string {
  if (typeof secret === "string") return secret.trim();
  let text: string;
  try {
    text = readFileSync(secret.file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(
      "secret_file",
      `the secret file ${secret.file} cannot be read; check its path and permissions`,
      { cause },
    );
  }
  if (text === "")
    throw new ConfigError("secret_file", `the secret file ${secret.file} is empty; put the token into it`);
  return text;
}

/** The header that carries the credentials; none without credentials. */
export function authHeaders(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  if (credentials.kind === "bearer") return { authorization: `Bearer ${bearerToken(credentials.token)}` };
  const pair = `${credentials.user}:${readSecret(credentials.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** @throws ConfigError for a token that no header can carry: a file with two lines, or with something else in it. */
function bearerToken(secret: Secret): string {
  const token = readSecret(secret);
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const place = typeof secret === "string" ? "the token in the environment" : `the token in ${secret.file}`;
  throw new ConfigError(
    "token",
    `${place} has a line break, a space or a character that is not ASCII within it; put the token alone there, as the server gave it`,
  );
}
