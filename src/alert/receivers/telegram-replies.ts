import { SECOND_MS } from "../../time/duration.js";
import { visible } from "../../wording/visible.js";
import { arrived, type Hearing, type Said } from "./receiver.js";
import type { TelegramCall } from "./telegram-call.js";

/** Updates of one request, the most that Telegram gives. */
const MOST_UPDATES = 100;

interface Update {
  readonly update_id?: number;
  readonly message?: {
    readonly message_id?: number;
    readonly date?: number;
    readonly text?: string;
    readonly chat?: { readonly id?: number };
    readonly from?: { readonly username?: string; readonly first_name?: string; readonly is_bot?: boolean };
    readonly reply_to_message?: { readonly message_id?: number };
  };
}

/**
 * Replies to our messages. Telegram keeps an update until a request asks for the ones behind it, so an update that was read just before a
 * crash comes again.
 */
export function telegramReplies(call: TelegramCall): Hearing {
  return {
    read: async (threads, around, before) => {
      const request = { limit: MOST_UPDATES, timeout: 0, allowed_updates: ["message"] };
      const found = await call("getUpdates", { ...request, ...(before !== null && { offset: before }) }, around);
      if (!("result" in found)) return found;
      const updates = (Array.isArray(found.result) ? found.result : []) as readonly Update[];
      const incidents = new Map(
        threads.flatMap(({ incident, replies }) =>
          replies.flatMap((reply) => (reply?.["message"] === undefined ? [] : [[placeOf(reply), incident] as const])),
        ),
      );
      const said: Said[] = [];
      let cursor = before;
      for (const { update_id, message } of updates) {
        if (update_id !== undefined) cursor = Math.max(cursor ?? 0, update_id + 1);
        const { chat, from, text, date = 0, message_id, reply_to_message } = message ?? {};
        const place = { chat: chat?.id ?? 0, message: reply_to_message?.message_id ?? 0 };
        const incident = incidents.get(placeOf(place));
        if (incident === undefined || text === undefined || from?.is_bot === true) continue;
        const author = visible(from?.username ?? from?.first_name ?? "unknown");
        const own = { chat: place.chat, message: message_id ?? place.message };
        said.push({ incident, author, words: { text }, atMs: date * SECOND_MS, place: own });
      }
      return { ok: true, said, cursor };
    },
    answer: async ({ place: { chat, message } }, text, around) => {
      const reply = { reply_parameters: { message_id: message, allow_sending_without_reply: true } };
      const sent = await call("sendMessage", { chat_id: chat, text, ...reply }, around);
      return "result" in sent ? arrived() : sent;
    },
  };
}

const placeOf = (at: Readonly<Record<string, string | number>>) => `${at["chat"]} ${at["message"]}`;
