import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError, messageOf } from "../errors/errors.js";
import { type Credentials, parseCredentials } from "./http/credentials.js";
import { hostText, isLoopback } from "./http/listen.js";
import type { ServeSettings } from "./settings.js";

/**
 * Who may read and write; null: whoever reaches the port may read.
 *
 * @throws ConfigError where the port can be reached from other machines without credentials, or their file cannot be used.
 */
export function credentialsOf({ listen, credentialsFile }: ServeSettings): Credentials | null {
  if (credentialsFile !== null) {
    return parseCredentials(secretFile(credentialsFile, "--credentials-file"), credentialsFile);
  }
  if (isLoopback(listen)) return null;
  throw new ConfigError(
    "credentials",
    `--listen ${hostText(listen)}:${listen.port} can be reached from other machines; name a file of tokens or users with --credentials-file, or listen on 127.0.0.1`,
  );
}

/** Certificate and key in PEM. @throws ConfigError where one of them cannot be used, or they are not of one pair. */
export function certificateOf({ certFile, keyFile }: NonNullable<ServeSettings["tls"]>): {
  readonly cert: string;
  readonly key: string;
} {
  const cert = secretFile(certFile, "--tls-cert");
  const key = secretFile(keyFile, "--tls-key");
  const certificate = parsed(() => new X509Certificate(cert), `--tls-cert: ${certFile} is not a certificate in PEM`);
  const privateKey = parsed(
    () => createPrivateKey(key),
    `--tls-key: ${keyFile} is not a private key in PEM without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(
      "tls",
      `--tls-key: ${keyFile} is not the key of the certificate in ${certFile}; name the key that the certificate was made with`,
    );
  }
  return { cert, key };
}

function parsed<T>(parse: () => T, problem: string): T {
  try {
    return parse();
  } catch (cause) {
    throw new ConfigError("tls", `${problem} (${messageOf(cause)})`, { cause });
  }
}

function secretFile(path: string, flag: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("unreadable", `${flag}: cannot read ${path}: ${messageOf(cause)}`, { cause });
  }
}
