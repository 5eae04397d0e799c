/* Longer than most: what one try may come to, and what all tries share, is only understood together. */
import { type Dispatcher, request } from "undici";
import { SourceError } from "../errors/errors.js";
import { redact } from "../wording/redact.js";
import { openAgent } from "./agent.js";
import { answerFailure, parseJson, redirectTarget, type StatusIn, single } from "./answer.js";
import { ACCEPT_ENCODING, readBody } from "./body.js";
import { sleepUntil } from "./deadline.js";
import { connectionFailure, placeOf, RETRYABLE } from "./failure.js";
import { createMeter, DEFAULT_REPLY_BYTES } from "./limits.js";
import { orAborted } from "./or-aborted.js";
import { slow } from "./proxy.js";
import { DEFAULT_RETRY, parseRetryAfter, type RetryPolicy, retryDelayMs } from "./retry.js";
import { sentSecrets, withoutSecrets } from "./sent-secrets.js";
import type { TlsOptions } from "./tls.js";

export interface HttpOptions {
  /** For one try, from the first byte sent to the last one received. */
  readonly timeoutMs?: number;
  /** For one call with all its retries; a retry that would begin after it is not made. */
  readonly deadlineMs?: number;
  /** For all calls together, from the making of the client on; what is under way then is given up. Absent: no limit. */
  readonly runDeadlineMs?: number;
  readonly tls?: TlsOptions;
  readonly retry?: Partial<RetryPolicy>;
  /** Connections to one host at a time. */
  readonly maxConnections?: number;
  /** Of one answer, unpacked. */
  readonly maxResponseBytes?: number;
  /** Of all answers together, unpacked. Absent: no limit. */
  readonly maxRunBytes?: number;
  readonly userAgent?: string;
  /** Hears of every try, whatever came of it. */
  readonly onTry?: (tried: Tried) => void;
  /** The agent that opens connections. Absent: one that follows HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly dispatcher?: Dispatcher;
  /** Monotonic clock, wait and randomness, for tests that do not wait. */
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly random?: () => number;
}

/** One request as it went. */
export interface Tried {
  readonly method: "GET" | "POST" | "PATCH";
  /** Host and path: no query, and nothing secret. */
  readonly place: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly sentBytes: number;
  /** Of the answer, unpacked; 0 where there was none. */
  readonly gotBytes: number;
  readonly ms: number;
  /** Why it failed, such as `timeout` or `unavailable`; undefined: it did not. */
  readonly failure: string | undefined;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The status that an answer's body gives, where the answer's own says less. */
  readonly statusIn?: StatusIn;
  /** Reads an answer of a form that the caller expects faster than `JSON.parse`; undefined: it is another one, and read as JSON. */
  readonly read?: (text: string) => unknown;
}

/** Names and values of a form; a name may come more than once. */
export type Form = readonly (readonly [name: string, value: string])[];

/**
 * The one HTTP client. Every answer is JSON but where text is requested; everything else becomes a SourceError with a code of its own:
 * `unreachable`, `tls`, `reset`, `timeout`, `unauthorised`, `forbidden`, `not_found`, `rate_limited`, `unavailable`,
 * `server_error`, `refused`, `redirect`, `html`, `not_json`, `cut_off`, `too_large`, `download`, `proxy`, `deadline`, `aborted`.
 *
 * Only 429, 502, 503, 504 and a connection that was reset, by the server or a proxy, are tried again, while the deadlines allow it. Redirects are followed
 * within the same origin only, so that credentials never reach another host. What was sent to say who asks is taken out of every answer, before
 * it is read. No message holds a query, a form, a header or the user information of a URL.
 */
export interface Http {
  postForm(url: string, form: Form, options?: CallOptions): Promise<unknown>;
  postJson(url: string, body: unknown, options?: CallOptions): Promise<unknown>;
  patchJson(url: string, body: unknown, options?: CallOptions): Promise<unknown>;
  /** `postForm` for answers that are not JSON: the text as it came. A web page is refused all the same. */
  postFormText(url: string, form: Form, options?: CallOptions): Promise<string>;
  getJson(url: string, options?: CallOptions): Promise<unknown>;
  /** `getJson` for answers that are not JSON, such as calendars. */
  getText(url: string, options?: CallOptions): Promise<string>;
  /** `getJson`, with the answer's `Date`, to compare clocks by. */
  getDated(url: string, options?: CallOptions): Promise<Dated>;
  /** Gives up what is under way and closes the connections that are kept open, so that the program can end. */
  close(): Promise<void>;
}

export interface Dated {
  readonly json: unknown;
  readonly date: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_DEADLINE_MS = 120_000;
/** A server that sends to itself again and again is broken. */
const MOST_REDIRECTS = 3;
/** What one try came to: an answer, or a failure and how long the server wants us to wait. */
interface Outcome {
  readonly json?: unknown;
  readonly date?: string;
  readonly failure?: SourceError;
  readonly retryAfterMs?: number;
  /** Of the answer. */
  readonly bytes?: number;
}

interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  readonly url: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly statusIn?: StatusIn;
  readonly read?: CallOptions["read"];
  readonly wants?: "text";
}

export function createHttp(options: HttpOptions = {}): Http {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadlineMs = options.deadlineMs ?? Math.max(DEFAULT_DEADLINE_MS, timeoutMs);
  const policy = { ...DEFAULT_RETRY, ...options.retry };
  const maxBytes = options.maxResponseBytes ?? DEFAULT_REPLY_BYTES;
  const meter = createMeter({ replyBytes: maxBytes, runBytes: options.maxRunBytes ?? Number.POSITIVE_INFINITY });
  const { dispatcher, opening } =
    options.dispatcher === undefined
      ? openAgent(options.maxConnections, options.tls ?? {}, timeoutMs)
      : { dispatcher: options.dispatcher, opening: new Map<string, string>() };
  const now = options.now ?? (() => performance.now());
  const sleep = options.sleep ?? sleepUntil;
  const random = options.random ?? Math.random;
  const base = {
    "user-agent": options.userAgent ?? "anomaly-toolkit",
    accept: "application/json",
    "accept-encoding": ACCEPT_ENCODING,
  };
  const beganMs = now();
  const closing = new AbortController();
  const overMs = beganMs + (options.runDeadlineMs ?? Number.POSITIVE_INFINITY);
  const deadlineOver = (url: string, cause?: unknown) =>
    new SourceError(
      "deadline",
      `the run's deadline of ${(options.runDeadlineMs ?? 0) / 1000} s is over and ${placeOf(url)} gets no more requests; request less or raise --deadline`,
      { cause },
    );

  async function send(call: Call): Promise<Dated> {
    const startMs = now();
    for (let attempt = 1; ; attempt++) {
      const beganTryMs = now();
      const outcome = await tryOnce(call);
      options.onTry?.({
        method: call.method,
        place: placeOf(call.url),
        attempt,
        sentBytes: call.body?.length ?? 0,
        gotBytes: outcome.bytes ?? 0,
        ms: now() - beganTryMs,
        failure: outcome.failure?.code.replace("source.", ""),
      });
      if (!(outcome.failure instanceof SourceError)) return { json: outcome.json, date: outcome.date };
      const kind = outcome.failure.code.replace("source.", "");
      if (!RETRYABLE.has(kind) || attempt > policy.retries) throw outcome.failure;
      const delayMs = retryDelayMs(policy, attempt, random, outcome.retryAfterMs);
      if (now() - startMs + delayMs > deadlineMs || now() + delayMs > overMs) throw outcome.failure;
      const given = call.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, call.signal]);
      await sleep(delayMs, given);
      if (given.aborted) throw aborted(call.url);
    }
  }

  async function tryOnce(call: Call): Promise<Outcome> {
    const leftMs = overMs - now();
    if (leftMs <= 0) return { failure: deadlineOver(call.url) };
    const timeout = AbortSignal.timeout(Math.ceil(Math.min(timeoutMs, leftMs)));
    const given = call.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, call.signal]);
    const secrets = sentSecrets({ ...userHeader(call.url), ...call.headers });
    try {
      const { url, response } = await answered(call, AbortSignal.any([timeout, given]));
      const retryAfterMs = parseRetryAfter(single(response.headers["retry-after"]), Date.now());
      const text = withoutSecrets(await readBody(url, response, meter), secrets);
      const failure = answerFailure(url, response, text, call.statusIn);
      const bytes = text.length;
      if (failure !== undefined) return { failure: withoutSent(failure, secrets), retryAfterMs, bytes };
      const json = call.wants === "text" ? text : (call.read?.(text) ?? parseJson(url, text));
      return { json, date: single(response.headers.date), bytes };
    } catch (thrown) {
      if (thrown instanceof SourceError) return { failure: thrown };
      if (given.aborted) return { failure: aborted(call.url) };
      if (timeout.aborted) {
        if (leftMs < timeoutMs) return { failure: deadlineOver(call.url, thrown) };
        const target = tunnelEnd(call.url);
        const proxy = opening.get(target);
        if (proxy !== undefined) return { failure: connectionFailure(call.url, slow(proxy, target, timeoutMs)) };
        const words = `${placeOf(call.url)} did not answer within ${timeoutMs / 1000} s; request less at once or raise the time-out`;
        return { failure: new SourceError("timeout", words, { cause: thrown }) };
      }
      return { failure: connectionFailure(call.url, thrown) };
    }
  }

  /** The answer at the end of any redirects within the same origin. */
  async function answered(call: Call, signal: AbortSignal) {
    let { url } = call;
    for (let redirects = 0; ; redirects++) {
      const asking = request(withoutUser(url), {
        method: call.method,
        headers: { ...base, ...userHeader(url), ...call.headers },
        body: call.body ?? null,
        signal,
        dispatcher,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        // Never paused: where a server without keep-alive closes while undici holds back what it sent, undici 7 ends the process
        // (an assertion in its parser). What is taken in is limited by the cap all the same.
        highWaterMark: maxBytes,
      });
      const response = await orAborted(asking, signal);
      const next = redirects < MOST_REDIRECTS ? redirectTarget(url, call.method, response) : undefined;
      if (next === undefined) return { url, response };
      // Its text is not wanted, but must be read for the connection to be used again.
      await response.body.dump();
      url = next;
    }
  }

  const json = async (call: Call) => (await send(call)).json;

  return {
    postForm: (url, form, options) => json(formCall(url, form, options)),
    postFormText: async (url, form, options) => String(await json({ ...formCall(url, form, options), wants: "text" })),
    postJson: (url, body, options) => json(jsonCall("POST", url, body, options)),
    patchJson: (url, body, options) => json(jsonCall("PATCH", url, body, options)),
    getJson: async (url, { headers, signal } = {}) => json({ method: "GET", url, headers: { ...headers }, signal }),
    getText: async (url, { headers, signal } = {}) => {
      const accept = { accept: "*/*", ...headers };
      return String(await json({ method: "GET", url, headers: accept, signal, wants: "text" }));
    },
    getDated: (url, { headers, signal } = {}) => send({ method: "GET", url, headers: { ...headers }, signal }),
    close: async () => {
      closing.abort();
      await dispatcher.destroy();
    },
  };
}

function jsonCall(
  method: "POST" | "PATCH",
  url: string,
  body: unknown,
  { headers, ...options }: CallOptions = {},
): Call {
  const asJson = { "content-type": "application/json", ...headers };
  return { method, url, body: JSON.stringify(body), headers: asJson, ...options };
}

function formCall(url: string, form: Form, { headers, signal, read }: CallOptions = {}): Call {
  return {
    method: "POST",
    url,
    body: new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    signal,
    read,
  };
}

/** What a proxy is asked to open a tunnel to. */
function tunnelEnd(url: string): string {
  const { host, port, protocol } = new URL(url);
  return port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
}

/** A failure without what was sent: an answer may lead to, or speak of, an address that holds it. */
function withoutSent(failure: SourceError, secrets: readonly string[]): SourceError {
  const message = redact(failure.message, secrets);
  if (message === failure.message) return failure;
  return new SourceError(failure.code.replace("source.", ""), message, { said: redact(failure.said, secrets) });
}

function aborted(url: string): SourceError {
  return new SourceError("aborted", `the request to ${placeOf(url)} was cancelled`);
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
