import { visible } from "../../wording/visible.js";
import { slackEscape } from "../render/markup.js";
import { arrived, type Hearing, type Reply, type Said } from "./receiver.js";
import type { SlackCalls } from "./slack-call.js";

/** Threads that are read in one go: 50 requests a minute are allowed. */
const MOST_THREADS = 15;
const MOST_REPLIES = 100;
const REACTIONS: Readonly<Record<string, "true" | "false">> = { white_check_mark: "true", x: "false" };

interface SlackReply {
  readonly ts?: string;
  readonly text?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly reactions?: readonly { readonly name?: string; readonly users?: readonly string[] }[];
}

/** Replies in the threads of our messages, and reactions to these. Needs `channels:history`; names of people need `users:read`. */
export function slackReplies(channel: string, { call, form }: SlackCalls): Hearing {
  const names = new Map<string, string>();
  const nameOf = async (user: string, around: Parameters<Hearing["read"]>[1]): Promise<string> => {
    const known = names.get(user);
    if (known !== undefined) return known;
    const found = await form("users.info", { user }, around);
    const profile = "json" in found ? (found.json["user"] as { readonly name?: string } | undefined) : undefined;
    const name = visible(profile?.name ?? user);
    names.set(user, name);
    return name;
  };
  return {
    read: async (threads, around) => {
      const said: Said[] = [];
      for (const { incident, replies } of threads.slice(-MOST_THREADS)) {
        const root = rootOf(replies);
        if (root === undefined) continue;
        const fields = { channel, ts: root, limit: String(MOST_REPLIES) };
        const found = await form("conversations.replies", fields, around);
        if (!("json" in found)) return found;
        const messages = (Array.isArray(found.json["messages"]) ? found.json["messages"] : []) as SlackReply[];
        for (const { ts, text, user, bot_id, reactions } of messages) {
          const place = { thread: root };
          if (ts !== root && bot_id === undefined && user !== undefined && text !== undefined) {
            const author = await nameOf(user, around);
            said.push({ incident, author, words: { text: plain(text) }, atMs: momentOf(ts), place });
          }
          for (const { name = "", users = [] } of ts === root ? (reactions ?? []) : []) {
            const reaction = Object.hasOwn(REACTIONS, name) ? REACTIONS[name] : undefined;
            for (const one of reaction === undefined ? [] : users) {
              const author = await nameOf(one, around);
              said.push({ incident, author, words: { reaction: reaction!, name }, atMs: null, place });
            }
          }
        }
      }
      return { ok: true, said, cursor: null };
    },
    answer: async ({ place }, text, around) => {
      const body = { channel, thread_ts: String(place["thread"]), text: slackEscape(text) };
      const posted = await call("chat.postMessage", body, around);
      return "json" in posted ? arrived() : posted;
    },
  };
}

function rootOf(replies: readonly Reply[]): string | undefined {
  const root = replies.findLast((reply) => reply?.["root"] !== undefined)?.["root"];
  return root === undefined ? undefined : String(root);
}

/** Without the mention of the bot that some begin with, and without Slack's escapes. */
function plain(text: string): string {
  return text
    .replace(/^(<@\w+>[\s:,]*)+/, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** `1483037603.017503`: seconds, and a number that makes it unique. */
function momentOf(ts: string | undefined): number | null {
  const ms = Math.floor(Number(ts) * 1000);
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
