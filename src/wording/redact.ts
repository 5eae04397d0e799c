/** What stands where a secret was. */
export const REDACTED = "[redacted]";
/** Shorter ones are parts of ordinary words and numbers, which would be lost with them. */
const LEAST_LENGTH = 4;

/**
 * Text without the secrets, also where they are written as JSON or a URL writes them.
 *
 * @param secrets shorter than 4 characters are not looked for.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const form of formsOf(secrets)) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
  return clean;
}

/** Longest first, so that a secret that holds another goes as a whole. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= LEAST_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encoded(secret)]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function encoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // Half a surrogate pair has no such form.
    return secret;
  }
}
