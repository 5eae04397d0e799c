import { type Dispatcher, type FormData, request } from "undici";
import { SourceError } from "../../errors/errors.js";
import { openAgent } from "../../http/agent.js";
import { single } from "../../http/answer.js";
import { connectionFailure, placeOf } from "../../http/failure.js";
import { parseRetryAfter } from "../../http/retry.js";
import { redact } from "../../wording/redact.js";
import { visible } from "../../wording/visible.js";
import type { Outcome } from "../receivers/receiver.js";

export interface PostOptions {
  readonly method?: "POST" | "PATCH" | "GET";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Uint8Array;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  /** What must not come back in any text; parts of the address among them. */
  readonly secrets: readonly string[];
  /** How the place is called, where its address holds a secret. */
  readonly name?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** 0 where it says none. */
  readonly retryAfterMs: number;
}

/** Sends one request once: the queue tries again, over restarts too. */
export interface Poster {
  /** @returns the answer whatever its status, or why there was none. */
  readonly post: (url: string, options: PostOptions) => Promise<Answer | Extract<Outcome, { ok: false }>>;
  readonly close: () => Promise<void>;
}

/** Of one request. The few that a message takes must end well within the lease of its sender. */
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1 << 20;

export function openPoster(): Poster {
  const { dispatcher } = openAgent(2, {}, TIMEOUT_MS);
  return {
    post: async (url, { method = "POST", headers, body, signal, nowMs, secrets, name = placeOf(url) }) => {
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      try {
        const response = await request(url, {
          method,
          headers: { "user-agent": "anomaly-toolkit", ...headers },
          body: body ?? null,
          signal: AbortSignal.any([signal, timeout]),
          dispatcher,
        });
        const text = redact(await readAll(response), secrets);
        const retryAfterMs = parseRetryAfter(single(response.headers["retry-after"]), nowMs);
        return { status: response.statusCode, text, retryAfterMs };
      } catch (thrown) {
        if (timeout.aborted) return later(`${name} did not answer within ${TIMEOUT_MS / 1000} s`);
        if (signal.aborted) return later("interrupted");
        const words = thrown instanceof SourceError ? thrown.message : connectionFailure(url, thrown).message;
        return later(redact(words.replaceAll(placeOf(url), name), secrets));
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** As much of it as counts; the rest is left. */
async function readAll(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) break;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export const later = (error: string, retryAfterMs = 0): Extract<Outcome, { ok: false }> => ({
  ok: false,
  error,
  retry: "later",
  ...(retryAfterMs > 0 && { retryAfterMs }),
});

export const never = (error: string): Extract<Outcome, { ok: false }> => ({ ok: false, error, retry: "never" });

const LONGEST_DETAIL = 200;

/** Statuses that pass: an overload, an outage; and what a person sets right, such as an expired token. */
const PASSING = [401, 403, 408, 425, 429];

/** What an error status means for the message: those that pass and 5xx are tried again, everything else is not. */
export function failureOf(name: string, { status, text, retryAfterMs }: Answer): Extract<Outcome, { ok: false }> {
  const said = visible(text.replace(/\s+/g, " ").trim().slice(0, LONGEST_DETAIL));
  const words = `${name} answered ${status}${said === "" || /^</.test(said) ? "" : `: ${said}`}`;
  const isPassing = status >= 500 || PASSING.includes(status);
  return isPassing ? later(words, retryAfterMs) : never(words);
}

export const isFailure = (
  answer: Answer | Extract<Outcome, { ok: false }>,
): answer is Extract<Outcome, { ok: false }> => "ok" in answer;
