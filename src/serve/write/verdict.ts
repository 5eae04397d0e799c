/** What an answer means for the samples that were sent. */
export type Verdict =
  | { readonly kind: "taken" }
  /** Sending the same again may go well. */
  | {
      readonly kind: "later";
      readonly afterMs: number;
      readonly said: string;
      /** Whether the samples may be there all the same. */
      readonly isUncertain: boolean;
    }
  /** The same again would be refused again; with others left out it may go well. */
  | { readonly kind: "refused"; readonly said: string; readonly cause: Refused };

/**
 * `old`: by its time alone, so that whatever is as old is refused too; `sample`: something in the request; `address`: whatever is sent there.
 */
export type Refused = "old" | "sample" | "address";

export interface Posted {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number;
}

/** Prometheus's words for a time that no series may have: before its head, or its window for samples that come late. */
const TOO_OLD = /out of bounds|too old sample/i;
/** A server error, and still a matter of the sample. */
const OF_SAMPLE = /invalid sample|too old sample/i;

/**
 * The classes of answers, as Prometheus 2.42 and VictoriaMetrics 1.79 give them: a connection that fails, 429 and 5xx may go well later; 401 and
 * 403 will when somebody has put the credentials right; 4xx else never will, and one sample has the whole request refused.
 */
export function verdictOf({ status, text, retryAfterMs }: Posted): Verdict {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const said = `${status}${text.trim() === "" ? "" : `: ${text.trim().slice(0, 200)}`}`;
  const later = { kind: "later", afterMs: retryAfterMs, said, isUncertain: false } as const;
  if (status === 429 || status === 408 || status === 401 || status === 403) return later;
  if (status >= 500 && !OF_SAMPLE.test(text)) return { ...later, isUncertain: true };
  if (status === 404 || status === 405 || status < 400) return { kind: "refused", said, cause: "address" };
  return { kind: "refused", said, cause: TOO_OLD.test(text) ? "old" : "sample" };
}

/** Codes of connections that were not made, so that nothing can have arrived. */
const NOT_CONNECTED = new Set(["source.unreachable", "source.tls", "source.proxy", "source.proxy_unavailable"]);

/** @param code of the failure of the connection. */
export function unanswered(code: string, said: string): Verdict {
  return { kind: "later", afterMs: 0, said, isUncertain: !NOT_CONNECTED.has(code) };
}
