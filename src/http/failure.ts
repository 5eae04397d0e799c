import { SourceError } from "../errors/errors.js";
import { ProxyError } from "./proxy.js";

/** Host and path of a URL for messages: no user, password, query or fragment, since any of them may hold a secret. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return "an address that is no URL";
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

const CONNECTION_CODES: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ECONNREFUSED: ["unreachable", "refused the connection; check the address and that the server runs"],
  ENOTFOUND: ["unreachable", "cannot be found by name; check the host's name and DNS"],
  EAI_AGAIN: ["unreachable", "cannot be looked up just now; check DNS"],
  EHOSTUNREACH: ["unreachable", "cannot be reached; check the network and any firewall"],
  ENETUNREACH: ["unreachable", "cannot be reached; check the network and any firewall"],
  ECONNRESET: ["reset", "closed the connection in the middle; look at the server's or proxy's log"],
  EPIPE: ["reset", "closed the connection in the middle; look at the server's or proxy's log"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["reset", "sent less than it announced; look at the server's or proxy's log"],
  UND_ERR_SOCKET: ["reset", "closed the connection in the middle; look at the server's or proxy's log"],
  UND_ERR_CONNECT_TIMEOUT: ["timeout", "took too long to accept the connection; check the address and any firewall"],
  UND_ERR_HEADERS_TIMEOUT: ["timeout", "took too long to answer; request less at once or raise the time-out"],
  UND_ERR_BODY_TIMEOUT: ["timeout", "stopped in the middle of its answer; request less at once or raise the time-out"],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: ["too_large", "sent more than is taken in one answer; request less at once"],
  ETIMEDOUT: ["timeout", "took too long to accept the connection; check the address and any firewall"],
};

/** Failures after which the same request may go well. */
export const RETRYABLE = new Set(["reset", "rate_limited", "unavailable", "proxy_unavailable"]);

/** A failure of the connection as one sentence about the place that was asked, or the proxy before it. */
export function connectionFailure(url: string, cause: unknown): SourceError {
  if (cause instanceof ProxyError) {
    return new SourceError(cause.passing ? "proxy_unavailable" : "proxy", cause.message, { cause: cause.cause });
  }
  const code = errorCode(cause);
  const known = CONNECTION_CODES[code];
  if (known !== undefined) return new SourceError(known[0], `${placeOf(url)} ${known[1]}`, { cause });
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|EPROTO)/.test(code)) {
    const words = `the TLS connection to ${placeOf(url)} failed (${code}); check its certificate, or name your own authority with --ca-file`;
    return new SourceError("tls", words, { cause });
  }
  return new SourceError(
    "unreachable",
    `${placeOf(url)} cannot be queried (${code || "unknown failure"}); check the address and the network`,
    { cause },
  );
}

/** The code of the innermost error: undici wraps the socket's. */
function errorCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string") return code;
    if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  }
  return "";
}

/** An answer with an error status as one sentence; `detail` is what the server said, if it can be shown. */
export function statusFailure(url: string, status: number, detail: string): SourceError {
  const place = placeOf(url);
  const said = detail === "" ? "" : ` (${detail})`;
  const failure = (code: string, words: string) =>
    new SourceError(code, `${place} answered ${status}: ${words}`, { said: detail });
  switch (status) {
    case 401:
      return failure(
        "unauthorised",
        `the credentials are missing or wrong${said}; check the token or the user and password`,
      );
    case 403:
      return failure("forbidden", `the credentials do not allow this${said}; give the account the right to query`);
    case 404:
      return failure("not_found", `nothing is there${said}; check the address and its path`);
    case 408:
    case 504:
      return failure(
        "unavailable",
        `the server behind it took too long${said}; request less at once or try again later`,
      );
    case 429:
      return failure("rate_limited", `too many requests${said}; ask less often or with fewer connections`);
    case 502:
    case 503:
      return failure("unavailable", `the server is not available${said}; try again later`);
    default:
      if (status >= 500) return failure("server_error", `the server failed${said}; look at its log`);
      return failure("refused", `it does not take this request${said}`);
  }
}
