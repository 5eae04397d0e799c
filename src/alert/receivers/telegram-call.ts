import { FormData } from "undici";
import { failureOf, isFailure, later, type Poster } from "../deliver/post.js";
import type { Outcome, Sending } from "./receiver.js";

export type Failed = Extract<Outcome, { ok: false }> & { readonly movedTo?: string };
/** `result` is what the method gives. */
export type Answered = { readonly result: unknown } | Failed;

interface TelegramAnswer {
  readonly result?: unknown;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

export type TelegramCall = (
  method: string,
  data: FormData | object,
  around: Pick<Sending, "nowMs" | "signal">,
) => Promise<Answered>;

/** Methods of Telegram's Bot API. */
export function telegramCalls(url: string, tokenOf: () => string, poster: Poster): TelegramCall {
  return async (method, data, { nowMs, signal }) => {
    const token = tokenOf();
    const isForm = data instanceof FormData;
    const answer = await poster.post(`${url.replace(/\/+$/, "")}/bot${token}/${method}`, {
      ...(!isForm && { headers: { "content-type": "application/json" } }),
      body: isForm ? data : JSON.stringify(data),
      signal,
      nowMs,
      secrets: [token],
      name: "Telegram",
    });
    if (isFailure(answer)) return answer;
    let json: TelegramAnswer = {};
    try {
      json = JSON.parse(answer.text);
    } catch {
      if (answer.status < 300) return later("Telegram answered with something that is not JSON");
    }
    if (answer.status < 300 && json.result !== undefined) return { result: json.result };
    // Nothing is to be changed: what was to be seen is seen.
    if (/message is not modified/.test(json.description ?? "")) return { result: {} };
    const waitMs = 1000 * (json.parameters?.retry_after ?? 0);
    const text = json.description ?? answer.text;
    const failure = failureOf("Telegram", { ...answer, text, retryAfterMs: Math.max(waitMs, answer.retryAfterMs) });
    const movedTo = json.parameters?.migrate_to_chat_id;
    return movedTo === undefined ? failure : { ...failure, movedTo: String(movedTo) };
  };
}
