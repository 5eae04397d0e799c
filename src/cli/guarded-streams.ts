import { readFileSync } from "node:fs";
import { SECRETS } from "../runs/source/secrets.js";
import { redact } from "../wording/redact.js";
import { escapeInvisible } from "../wording/visible.js";
import type { Streams } from "./streams.js";

type Environment = Readonly<Record<string, string | undefined>>;

const PROXIES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] as const;

/**
 * Streams that let no secret of this run through, whoever wrote it into a message, a name or a library's error, and nothing that
 * cannot be seen (`escapeInvisible`). Secrets are read when the first text is written.
 */
export function guardedStreams(streams: Streams): Streams {
  let secrets: readonly string[] | undefined;
  const guarded = (text: string) => {
    secrets ??= knownSecrets(streams.env);
    return escapeInvisible(redact(text, secrets));
  };
  // An object of its own over the same getters: touching stdin opens it.
  return Object.create(streams, {
    out: { value: (text: string) => streams.out(guarded(text)) },
    err: { value: (text: string) => streams.err(guarded(text)) },
  }) as Streams;
}

/** Tokens and passwords of the environment, of the files that it names, and of its proxies. */
export function knownSecrets(env: Environment): readonly string[] {
  const ofServers = Object.values(SECRETS).flatMap(({ env: name }) => [
    env[name]?.trim() ?? "",
    contentOf(env[`${name}_FILE`]),
  ]);
  return [...ofServers, ...PROXIES.flatMap((name) => passwordIn(env[name]))].filter((secret) => secret !== "");
}

function contentOf(path: string | undefined): string {
  if (path === undefined || path === "") return "";
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Whoever needs it says that it cannot be read.
    return "";
  }
}

function passwordIn(address: string | undefined): string[] {
  if (address === undefined || !URL.canParse(address)) return [];
  const { password } = new URL(address);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
