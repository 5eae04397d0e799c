import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { ConfigError } from "../../errors/errors.js";

/** What a caller may do: read, or also what changes something. */
export type Scope = "read" | "write";

/** Who may call. Secrets are kept as hashes only. */
export interface Credentials {
  readonly tokens: readonly { readonly hash: Buffer; readonly scope: Scope }[];
  readonly users: readonly {
    readonly name: string;
    readonly salt: Buffer;
    readonly hash: Buffer;
    readonly scope: Scope;
  }[];
}

/** Long enough that guessing is hopeless. */
const LEAST_TOKEN_LENGTH = 16;
/** The work factor of RFC 7914 for interactive use: about 50 ms. */
const SCRYPT = { N: 16_384, r: 8, p: 1 };
const HASH_BYTES = 32;

/**
 * Reads a file of credentials, one per line; `#` begins a comment:
 *
 *     token read 4f0c…            a bearer token of at least 16 characters
 *     user  write ann scrypt:<salt>:<hash>     a user of basic authentication; `anomaly serve --print-hash` makes the last word
 *
 * @throws ConfigError with file and line, never with what is secret.
 */
export function parseCredentials(text: string, path: string): Credentials {
  const tokens: Credentials["tokens"][number][] = [];
  const users: Credentials["users"][number][] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const words = line
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    if (words[0] === "") continue;
    const wrong = (needed: string) => new ConfigError("credentials", `${path}:${i + 1}: ${needed}`);
    const [kind, scope, name, secret] = words;
    if (scope !== "read" && scope !== "write") throw wrong("the second word is the scope, read or write");
    if (kind === "token" && words.length === 3) {
      if (name.length < LEAST_TOKEN_LENGTH) throw wrong(`a token needs at least ${LEAST_TOKEN_LENGTH} characters`);
      tokens.push({ hash: digest(name), scope });
    } else if (kind === "user" && words.length === 4) {
      const match = /^scrypt:([0-9a-f]{32}):([0-9a-f]{64})$/.exec(secret);
      if (match === null) throw wrong("a user's last word is a hash that anomaly serve --print-hash has made");
      users.push({ name, scope, salt: Buffer.from(match[1], "hex"), hash: Buffer.from(match[2], "hex") });
    } else {
      throw wrong('needs "token <scope> <token>" or "user <scope> <name> <hash>"');
    }
  }
  if (tokens.length + users.length === 0) {
    throw new ConfigError("credentials", `${path} holds no credentials; write a line "token read <token>" into it`);
  }
  return { tokens, users };
}

/** The last word of a user's line. */
export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  return `scrypt:${salt.toString("hex")}:${(await derive(password, salt)).toString("hex")}`;
}

/**
 * What the header `Authorization` allows; undefined for nothing. Every comparison takes the same time for right and wrong secrets.
 */
export async function scopeOf(credentials: Credentials, header: string | undefined): Promise<Scope | undefined> {
  const [, kind = "", value = ""] = /^(\w+)\s+(\S+)\s*$/.exec(header ?? "") ?? [];
  if (kind.toLowerCase() === "bearer") {
    const given = digest(value);
    let scope: Scope | undefined;
    for (const token of credentials.tokens) if (timingSafeEqual(token.hash, given)) scope = token.scope;
    return scope;
  }
  if (kind.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  const [name, password] = [pair.slice(0, colon), pair.slice(colon + 1)];
  const user = credentials.users.find((one) => one.name === name);
  // A name that is not there takes as long as one that is.
  const given = await derive(password, user?.salt ?? Buffer.alloc(16));
  return user !== undefined && timingSafeEqual(user.hash, given) ? user.scope : undefined;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, SCRYPT, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
