import { redact } from "../wording/redact.js";

type Headers = Readonly<Record<string, string>>;

/** The secrets that a request's headers carry: the token, or the pair of user and password and the password in it. */
export function sentSecrets(headers: Headers): string[] {
  const [, scheme, value] = /^(\S+)\s+(.+)$/.exec(headers["authorization"] ?? "") ?? [];
  if (value === undefined) return [];
  if (!/^basic$/i.test(scheme)) return [value];
  const pair = Buffer.from(value, "base64").toString("utf8");
  return [value, pair, pair.slice(pair.indexOf(":") + 1)];
}

/** A character that JSON lets be written as a number, beside the two that mean something else then. */
const ESCAPED = /\\(?:u00([2-7][0-9a-f])|(\/)|[\s\S])/gi;

/**
 * An answer's text without the secrets that were sent with its request, whatever a server makes of them: an error's words, a
 * series' name, a label. JSON stays JSON.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  // What could be a number in JSON is only looked for in words (`redact` where they are shown): it would take values apart.
  const worded = secrets.filter((secret) => !/^[-+.\deE]+$/.test(secret));
  if (worded.length === 0) return text;
  return redact(/\\(?:u00[2-7]|\/)/i.test(text) ? plainEscapes(text) : text, worded);
}

/** JSON with the characters written out that it need not escape. */
function plainEscapes(text: string): string {
  if (!/^\s*[[{"]/.test(text)) return text;
  return text.replace(ESCAPED, (whole, hex: string | undefined, slash: string | undefined) => {
    if (slash !== undefined) return "/";
    const character = hex === undefined ? whole : String.fromCharCode(Number.parseInt(hex, 16));
    return /^["\\\u007f]$/.test(character) ? whole : character;
  });
}
