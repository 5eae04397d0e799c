import { readFileSync } from "node:fs";
import { ConfigError } from "../errors/errors.js";

/** Files in PEM, by their paths, and whether the server's certificate is looked at. */
export interface TlsOptions {
  /** Authorities that are trusted beside the system's own. */
  readonly caFile?: string;
  /** Our own certificate and its key, where the server wants to know who asks. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Takes any certificate. Whoever stands between can then read everything, tokens too. */
  readonly insecure?: boolean;
}

/** What undici hands to `tls.connect`. */
export interface TlsConnect {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

/**
 * Reads the files.
 *
 * @param systemAuthorities Node's own: naming further ones replaces them, so they are named too.
 * @throws ConfigError naming the file that cannot be read, or the one of certificate and key that is missing.
 */
export function tlsConnect(options: TlsOptions, systemAuthorities: readonly string[]): TlsConnect {
  const { caFile, certFile, keyFile, insecure } = options;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [has, lacks] = certFile === undefined ? ["--key-file", "--cert-file"] : ["--cert-file", "--key-file"];
    throw new ConfigError("client_certificate", `${has} is given without ${lacks}; a client certificate needs both`);
  }
  return {
    ...(caFile === undefined ? {} : { ca: [...systemAuthorities, readPem(caFile, "CERTIFICATE")] }),
    ...(certFile === undefined ? {} : { cert: readPem(certFile, "CERTIFICATE") }),
    ...(keyFile === undefined ? {} : { key: readPem(keyFile, "PRIVATE KEY") }),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  };
}

function readPem(path: string, kind: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError("pem", `${path} cannot be read; check its path and permissions`, { cause });
  }
  if (!new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(text)) {
    throw new ConfigError("pem", `${path} holds no ${kind} in PEM, which begins with -----BEGIN …; check the file`);
  }
  return text;
}
