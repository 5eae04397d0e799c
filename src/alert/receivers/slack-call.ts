import { joinUrl } from "../../sources/join-url.js";
import { failureOf, isFailure, later, never, type Poster } from "../deliver/post.js";
import type { Outcome, Sending } from "./receiver.js";

/** What Slack answers where the same message may be taken later: an overload, an outage, a token that a person sets right. */
const PASSING = [
  "ratelimited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
];

type Answered = { readonly json: Readonly<Record<string, unknown>> } | Extract<Outcome, { ok: false }>;
type Around = Pick<Sending, "nowMs" | "signal">;

export interface SlackCalls {
  /** With a JSON body, as methods take it that write. */
  readonly call: (method: string, body: Readonly<Record<string, unknown>>, around: Around) => Promise<Answered>;
  /** With a form, the only way for methods that read. */
  readonly form: (method: string, fields: Readonly<Record<string, string>>, around: Around) => Promise<Answered>;
}

/** Methods of Slack's Web API, with the bot's token. */
export function slackCalls(url: string, tokenOf: () => string, poster: Poster): SlackCalls {
  const post = async (method: string, type: string, body: string, { nowMs, signal }: Around): Promise<Answered> => {
    const token = tokenOf();
    const answer = await poster.post(joinUrl(url, method), {
      headers: { "content-type": type, authorization: `Bearer ${token}` },
      body,
      signal,
      nowMs,
      secrets: [token],
    });
    return isFailure(answer) ? answer : readAnswer(method, answer);
  };
  return {
    call: (method, body, around) => post(method, "application/json; charset=utf-8", JSON.stringify(body), around),
    form: (method, fields, around) =>
      post(method, "application/x-www-form-urlencoded", new URLSearchParams(fields).toString(), around),
  };
}

/** Slack answers 200 with `ok: false` to what it does not take. */
function readAnswer(
  method: string,
  answer: { readonly status: number; readonly text: string; readonly retryAfterMs: number },
): Answered {
  if (answer.status >= 300) return failureOf(`Slack's ${method}`, answer);
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(answer.text);
  } catch {
    return later(`Slack's ${method} answered with something that is not JSON`);
  }
  if (json["ok"] === true) return { json };
  const error = String(json["error"] ?? "unknown_error");
  const words = `Slack's ${method} answered ${error}`;
  return PASSING.includes(error) ? later(words, answer.retryAfterMs) : never(words);
}
