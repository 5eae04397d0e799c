import { type Dispatcher, Pool } from "undici";

/** The proxy failed, and not the server behind it. The message is a sentence for people. */
export class ProxyError extends Error {
  /** Whether the same request may go well a little later. */
  readonly passing: boolean;
  constructor(message: string, passing: boolean, cause?: unknown) {
    super(message, { cause });
    this.passing = passing;
  }
}

/** The tunnels that a proxy is being asked for at this moment, by `host:port` of their other end, with the proxy's place. */
export type OpeningTunnels = Map<string, string>;

/** The request that waits for the tunnel ends first, and finds here what it has waited for. */
const AFTER_REQUEST_MS = 1000;

/**
 * What a ProxyAgent of undici connects to its proxy with: a pool whose failed CONNECT is a failure of the proxy.
 *
 * It must not be a failure of a socket (`UND_ERR_SOCKET`): undici takes that for an idle connection that was closed, and opens
 * the next one for ever, thousands a second.
 *
 * @param timeoutMs for the opening of one tunnel.
 */
export function proxyPool(opening: OpeningTunnels, timeoutMs: number) {
  return (origin: URL, options: object): Pool => {
    const pool = new Pool(origin.origin, options);
    const connect: (wanted: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> = pool.connect.bind(pool);
    const place = origin.host;
    const tunnel = async (wanted: Dispatcher.ConnectOptions) => {
      const target = wanted.path;
      opening.set(target, place);
      try {
        const answer = await connect({ ...wanted, signal: AbortSignal.timeout(timeoutMs + AFTER_REQUEST_MS) });
        if (answer.statusCode === 200) return answer;
        answer.socket.on("error", () => {}).destroy();
        throw refused(place, target, answer.statusCode);
      } catch (cause) {
        throw cause instanceof ProxyError ? cause : closed(place, target, timeoutMs, cause);
      } finally {
        opening.delete(target);
      }
    };
    return Object.assign(pool, { connect: tunnel });
  };
}

const ADVICE = "check HTTP_PROXY and HTTPS_PROXY, or put the host into NO_PROXY";

function refused(place: string, target: string, status: number): ProxyError {
  const words: Readonly<Record<number, string>> = {
    403: "it does not allow connections there",
    407: "it wants a user and a password, which belong into the address of the proxy",
    502: "it cannot reach it",
    503: "it cannot reach it",
    504: "it cannot reach it in time",
  };
  const why = words[status] ?? "it opens no tunnel";
  return new ProxyError(`the proxy ${place} answered ${status} for ${target}: ${why}; ${ADVICE}`, status >= 502);
}

function closed(place: string, target: string, timeoutMs: number, cause: unknown): ProxyError {
  const { name, code } = cause as { readonly name?: string; readonly code?: string };
  if (name === "TimeoutError") return slow(place, target, timeoutMs);
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE") {
    const words = `the proxy ${place} closed the connection before it had opened one to ${target}; ${ADVICE}`;
    return new ProxyError(words, true, cause);
  }
  if (code === "ECONNREFUSED")
    return new ProxyError(`the proxy ${place} refused the connection; ${ADVICE}`, false, cause);
  return new ProxyError(`the proxy ${place} cannot be used (${code ?? "unknown failure"}); ${ADVICE}`, false, cause);
}

/** A proxy that takes the connection and then says nothing. */
export function slow(place: string, target: string, timeoutMs: number): ProxyError {
  const words = `the proxy ${place} opened no connection to ${target} within ${timeoutMs / 1000} s; ${ADVICE}`;
  return new ProxyError(words, false);
}
