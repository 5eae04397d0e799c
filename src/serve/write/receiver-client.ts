import { request } from "undici";
import { AnomalyError, SourceError } from "../../errors/errors.js";
import { openAgent } from "../../http/agent.js";
import { single } from "../../http/answer.js";
import { connectionFailure } from "../../http/failure.js";
import { orAborted } from "../../http/or-aborted.js";
import { parseRetryAfter } from "../../http/retry.js";
import { sentSecrets, withoutSecrets } from "../../http/sent-secrets.js";
import type { TlsOptions } from "../../http/tls.js";
import { credentialsFrom } from "../../runs/source/server-credentials.js";
import { authHeaders } from "../../sources/credentials.js";
import { joinUrl } from "../../sources/join-url.js";
import { labelText } from "../exposition/text.js";
import { writeUrl } from "./receiver.js";
import type { Receiver } from "./receiver-spec.js";
import type { SampleSeries } from "./sample-series.js";
import { unanswered, type Verdict, verdictOf } from "./verdict.js";
import { encodeRequest, WRITE_HEADERS } from "./wire.js";

/** One receiver, as it is asked. */
export interface ReceiverClient {
  /** One try. */
  readonly post: (series: readonly SampleSeries[]) => Promise<Verdict>;
  /**
   * Whether samples are there whose request had no answer. `unknown` for a receiver where it does not matter: Prometheus keeps one
   * sample per time. Undefined where the receiver does not answer now.
   */
  readonly has: (series: readonly SampleSeries[]) => Promise<boolean | "unknown" | undefined>;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 30_000;

export function receiverClient(
  receiver: Receiver,
  env: Readonly<Record<string, string | undefined>>,
  tls: TlsOptions,
  nowMs: () => number,
): ReceiverClient {
  const { dispatcher } = openAgent(1, tls, TIMEOUT_MS);
  const ask = async (method: "GET" | "POST", url: string, body: Uint8Array | null, headers: Record<string, string>) => {
    // Read for each request, so that a token that was changed in its file is taken up.
    const own = authHeaders(credentialsFrom(receiver.kind, env));
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await orAborted(
        request(url, {
          method,
          body,
          headers: { "user-agent": "anomaly-toolkit", ...headers, ...own },
          signal,
          dispatcher,
          headersTimeout: TIMEOUT_MS,
          bodyTimeout: TIMEOUT_MS,
        }),
        signal,
      );
      const text = withoutSecrets(await answer.body.text(), sentSecrets(own));
      const retryAfterMs = parseRetryAfter(single(answer.headers["retry-after"]), nowMs());
      return { status: answer.statusCode, text, retryAfterMs };
    } catch (thrown) {
      if (thrown instanceof SourceError) throw thrown;
      if (signal.aborted)
        throw new SourceError("timeout", `no answer within ${TIMEOUT_MS / 1000} s`, { cause: thrown });
      throw connectionFailure(url, thrown);
    }
  };
  return {
    post: async (series) => {
      try {
        return verdictOf(await ask("POST", writeUrl(receiver), encodeRequest(series), WRITE_HEADERS));
      } catch (thrown) {
        // Also a token whose file cannot be read now.
        if (thrown instanceof AnomalyError) return unanswered(thrown.code, thrown.message);
        throw thrown;
      }
    },
    has: async ([first]) => {
      if (receiver.kind !== "victoriametrics") return "unknown";
      const atMs = first.times[first.times.length - 1];
      const query = new URLSearchParams([
        ["match[]", labelText(first.labels)],
        ["start", `${atMs / 1000}`],
        ["end", `${atMs / 1000}`],
      ]);
      try {
        const { status, text } = await ask("GET", `${joinUrl(receiver.url, "api/v1/export")}?${query}`, null, {});
        if (status === 429 || status >= 500) return undefined;
        // A part of a cluster that only takes samples answers no questions.
        return status === 200 ? isAmong(text, first, atMs) : "unknown";
      } catch (thrown) {
        if (thrown instanceof AnomalyError) return undefined;
        throw thrown;
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** @param lines a JSON object per series: `{"metric":{…},"values":[…],"timestamps":[ms,…]}`; its selector also matches series with more labels. */
function isAmong(lines: string, { labels }: SampleSeries, atMs: number): boolean {
  const own = new Map(labels);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .some((line) => {
      const { metric, timestamps } = JSON.parse(line) as { metric: Record<string, string>; timestamps: number[] };
      const names = Object.keys(metric);
      return (
        names.length === own.size && names.every((name) => own.get(name) === metric[name]) && timestamps.includes(atMs)
      );
    });
}
