import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { SourceError } from "../errors/errors.js";
import { connectionFailure, placeOf, RETRYABLE, statusFailure } from "./failure.js";
import { DEFAULT_RETRY, parseRetryAfter, type RetryPolicy, retryDelayMs } from "./retry.js";

export interface HttpOptions {
  /** For one try, from the first byte sent to the last one received. */
  readonly timeoutMs?: number;
  /** For one call with all its retries; a retry that would begin after it is not made. */
  readonly deadlineMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Connections to one host at a time. */
  readonly maxConnections?: number;
  readonly maxResponseBytes?: number;
  readonly userAgent?: string;
  /** The agent that opens connections. Absent: one that follows HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly dispatcher?: Dispatcher;
  /** Monotonic clock, wait and randomness, for tests that do not wait. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly random?: () => number;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Names and values of a form; a name may come more than once. */
export type Form = readonly (readonly [name: string, value: string])[];

/**
 * The one HTTP client. Every answer is JSON; everything else becomes a SourceError with a code of its own:
 * `unreachable`, `tls`, `reset`, `timeout`, `unauthorised`, `forbidden`, `not_found`, `rate_limited`, `unavailable`,
 * `server_error`, `refused`, `redirect`, `html`, `not_json`, `cut_off`, `too_large`, `aborted`.
 *
 * Only 429, 502, 503, 504 and a connection that was reset are tried again. Redirects are refused, so that credentials never
 * reach another host. No message holds a query, a form, a header or the user information of a URL.
 */
export interface Http {
  postForm(url: string, form: Form, options?: CallOptions): Promise<unknown>;
  postJson(url: string, body: unknown, options?: CallOptions): Promise<unknown>;
  getJson(url: string, options?: CallOptions): Promise<unknown>;
  /** Closes the connections that are kept open, so that the program can end. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_DEADLINE_MS = 120_000;
/** Some 10 M points of Graphite's JSON; more than that in one answer is a query gone wrong. */
const DEFAULT_RESPONSE_BYTES = 256 << 20;

interface Call {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export function createHttp(options: HttpOptions = {}): Http {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadlineMs = options.deadlineMs ?? Math.max(DEFAULT_DEADLINE_MS, timeoutMs);
  const policy = { ...DEFAULT_RETRY, ...options.retry };
  const maxBytes = options.maxResponseBytes ?? DEFAULT_RESPONSE_BYTES;
  const dispatcher = options.dispatcher ?? new EnvHttpProxyAgent({ connections: options.maxConnections ?? 8 });
  const now = options.now ?? (() => performance.now());
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const random = options.random ?? Math.random;
  const base = { "user-agent": options.userAgent ?? "anomaly-toolkit", accept: "application/json" };

  async function send(call: Call): Promise<unknown> {
    const startMs = now();
    for (let attempt = 1; ; attempt++) {
      const outcome = await tryOnce(call);
      if (!(outcome.failure instanceof SourceError)) return outcome.json;
      const kind = outcome.failure.code.replace("source.", "");
      if (!RETRYABLE.has(kind) || attempt > policy.retries) throw outcome.failure;
      const delayMs = retryDelayMs(policy, attempt, random, outcome.retryAfterMs);
      if (now() - startMs + delayMs > deadlineMs) throw outcome.failure;
      await sleep(delayMs);
      if (call.signal?.aborted === true) throw aborted(call.url);
    }
  }

  async function tryOnce(call: Call): Promise<{ json?: unknown; failure?: SourceError; retryAfterMs?: number }> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
    try {
      const response = await request(withoutUser(call.url), {
        method: call.method,
        headers: { ...base, ...userHeader(call.url), ...call.headers },
        body: call.body ?? null,
        signal,
        dispatcher,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const retryAfterMs = parseRetryAfter(single(response.headers["retry-after"]), Date.now());
      const text = await readBody(call.url, response, maxBytes);
      const failure = answerFailure(call.url, response, text);
      if (failure !== undefined) return { failure, retryAfterMs };
      return { json: parseJson(call.url, text) };
    } catch (thrown) {
      if (thrown instanceof SourceError) return { failure: thrown };
      if (call.signal?.aborted === true) return { failure: aborted(call.url) };
      if (timeout.aborted) {
        const words = `${placeOf(call.url)} did not answer within ${timeoutMs / 1000} s; ask for less at once or raise the time-out`;
        return { failure: new SourceError("timeout", words, { cause: thrown }) };
      }
      return { failure: connectionFailure(call.url, thrown) };
    }
  }

  return {
    postForm: (url, form, { headers, signal } = {}) =>
      send({
        method: "POST",
        url,
        body: new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        signal,
      }),
    postJson: (url, body, { headers, signal } = {}) =>
      send({
        method: "POST",
        url,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
        signal,
      }),
    getJson: (url, { headers, signal } = {}) => send({ method: "GET", url, headers: { ...headers }, signal }),
    close: () => dispatcher.close(),
  };
}

function aborted(url: string): SourceError {
  return new SourceError("aborted", `the request to ${placeOf(url)} was given up, as asked`);
}

/** `https://user:password@host` becomes a basic header, since undici refuses it in the URL. */
function userHeader(url: string): Record<string, string> {
  if (!URL.canParse(url)) return {};
  const { username, password } = new URL(url);
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function withoutUser(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new SourceError(
      "address",
      `${placeOf(url)} is not an http or https address; write it like https://graphite.example.com`,
    );
  }
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain;
}

const single = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

async function readBody(url: string, response: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const tooLarge = () => {
    // The rest is not wanted; without this the connection would stay busy with it.
    response.body.destroy();
    return new SourceError(
      "too_large",
      `${placeOf(url)} sent more than ${Math.round(maxBytes / 2 ** 20)} MB in one answer; ask for fewer targets or a shorter range at once`,
    );
  };
  const announced = Number(single(response.headers["content-length"]) ?? 0);
  // An error that destroys the stream must have a listener, or it ends the process.
  response.body.on("error", () => {});
  if (announced > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const isHtml = (response: Dispatcher.ResponseData, text: string) =>
  /html/i.test(single(response.headers["content-type"]) ?? "") || /^\s*<(!doctype|html)/i.test(text);

function answerFailure(url: string, response: Dispatcher.ResponseData, text: string): SourceError | undefined {
  const status = response.statusCode;
  if (status >= 300 && status < 400) {
    const location = single(response.headers.location) ?? "";
    const target = URL.canParse(location, url) ? placeOf(new URL(location, url).href) : "nowhere";
    return new SourceError(
      "redirect",
      `${placeOf(url)} sends to ${target} (${status}), and redirects are not followed, to keep credentials here; use that address itself`,
    );
  }
  if (status >= 400) return statusFailure(url, status, detailOf(text));
  if (isHtml(response, text)) {
    return new SourceError(
      "html",
      `${placeOf(url)} answered with a web page instead of JSON; it may be a log-in page, so check the address and the credentials`,
    );
  }
  return undefined;
}

/** What the server says about its failure: a JSON message, or a short line of text; never a page. */
function detailOf(text: string): string {
  let detail = "";
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null) {
      const { message, error } = json as { message?: unknown; error?: unknown };
      detail = typeof message === "string" ? message : typeof error === "string" ? error : "";
    }
  } catch {
    // Graphite calls its plain sentences text/html, so the text decides and not the type.
    detail = /^\s*</.test(text) ? "" : text;
  }
  return detail.replace(/\s+/g, " ").trim().slice(0, 200);
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const begins = /^\s*[[{]/.test(text);
    const code = begins ? "cut_off" : "not_json";
    const words = begins ? "answered with JSON that is cut off" : "answered with something that is not JSON";
    throw new SourceError(
      code,
      `${placeOf(url)} ${words} (${text.length} characters); look at the server's or proxy's log`,
      { cause },
    );
  }
}
