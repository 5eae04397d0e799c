import { FormData } from "undici";
import { failureOf, isFailure, later, openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { cut, documentOf, fitting, headlineOf } from "../render/document.js";
import { htmlEscape, htmlMarkup } from "../render/markup.js";
import { arrived, type Outcome, type Receiver, type Reply, type Sending } from "./receiver.js";

interface Options {
  readonly url: string;
  readonly chat: string;
  readonly picture: boolean;
}

/** Telegram counts after it has parsed the markup; counting before is on the safe side. */
const TEXT = 4096;
const CAPTION = 1024;
const HEADLINE = 300;
/** One message a second and chat; groups take 20 a minute. */
const PACE_MS = 3000;

/** A message as the HTML that Telegram takes, within a limit. */
export function telegramHtml(message: AlertMessage, most: number): string {
  const { lines } = documentOf(message);
  const headline = `<b>${htmlEscape(cut(headlineOf(message), HEADLINE))}</b>`;
  return [headline, ...fitting(lines, htmlMarkup, most - headline.length - 1)].join("\n");
}

type Answered = { readonly result: { readonly message_id?: number } } | Failed;
type Failed = Extract<Outcome, { ok: false }> & { readonly movedTo?: string };

/** A photo with its caption for each incident, edited as it develops; repeats, escalations and the end reply to it. */
export function telegram({ url, chat, picture }: Options, tokenOf: () => string): Receiver {
  const poster = openPoster();
  const call = async (method: string, data: FormData | object, { nowMs, signal }: Sending): Promise<Answered> => {
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
    if (answer.status < 300 && json.result !== undefined) {
      return { result: typeof json.result === "object" ? json.result : {} };
    }
    // Nothing is to be changed: what was to be seen is seen.
    if (/message is not modified/.test(json.description ?? "")) return { result: {} };
    const waitMs = 1000 * (json.parameters?.retry_after ?? 0);
    const text = json.description ?? answer.text;
    const failure = failureOf("Telegram", { ...answer, text, retryAfterMs: Math.max(waitMs, answer.retryAfterMs) });
    const movedTo = json.parameters?.migrate_to_chat_id;
    return movedTo === undefined ? failure : { ...failure, movedTo: String(movedTo) };
  };

  const post = async (
    to: string,
    message: AlertMessage,
    replyTo: number | null,
    sending: Sending,
  ): Promise<Outcome> => {
    const reply =
      replyTo === null ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } };
    const bytes = picture && message.stage !== "close" ? await sending.picture() : null;
    if (bytes !== null) {
      const data = new FormData();
      data.append("chat_id", to);
      data.append("parse_mode", "HTML");
      data.append("caption", telegramHtml(message, CAPTION));
      if (replyTo !== null) data.append("reply_parameters", JSON.stringify(reply.reply_parameters));
      data.append("photo", new Blob([Buffer.from(bytes)], { type: "image/png" }), "episode.png");
      return done(await call("sendPhoto", data, sending), to, "photo");
    }
    const body = { chat_id: to, parse_mode: "HTML", text: telegramHtml(message, TEXT), ...PLAIN_LINKS, ...reply };
    return done(await call("sendMessage", body, sending), to, "text");
  };
  const edit = async (to: string, message: AlertMessage, root: Root, sending: Sending): Promise<Outcome> => {
    const at = { chat_id: to, message_id: root.id, parse_mode: "HTML" };
    const edited =
      root.kind === "photo"
        ? await call("editMessageCaption", { ...at, caption: telegramHtml(message, CAPTION) }, sending)
        : await call("editMessageText", { ...at, text: telegramHtml(message, TEXT), ...PLAIN_LINKS }, sending);
    return "result" in edited ? arrived({ message: root.id, chat: to, kind: root.kind }) : edited;
  };

  const sendTo = async (to: string, message: AlertMessage, sending: Sending): Promise<Outcome> => {
    const root = message.kind === "test" ? undefined : rootOf(sending.replies);
    if (root === undefined) return post(to, message, null, sending);
    const edited = await edit(to, message, root, sending);
    if (!edited.ok && /message to edit not found|can't be edited/.test(edited.error))
      return post(to, message, null, sending);
    if (!edited.ok || message.stage === "update") return edited;
    const replied = await post(to, message, root.id, sending);
    return replied.ok ? edited : replied;
  };

  return {
    paceMs: PACE_MS,
    preview: (message) => telegramHtml(message, message.picture !== null && picture ? CAPTION : TEXT),
    send: async (message, sending) => {
      const first = await sendTo(rootOf(sending.replies)?.chat ?? chat, message, sending);
      // The group was made a supergroup, which has another number.
      const movedTo = first.ok ? undefined : (first as Failed).movedTo;
      return movedTo === undefined ? first : sendTo(movedTo, message, sending);
    },
    close: () => poster.close(),
  };
}

const PLAIN_LINKS = { link_preview_options: { is_disabled: true } };

interface TelegramAnswer {
  readonly result?: { readonly message_id?: number } | boolean;
  readonly description?: string;
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
}

interface Root {
  readonly id: number;
  readonly chat: string;
  readonly kind: "photo" | "text";
}

function rootOf(replies: readonly Reply[]): Root | undefined {
  const reply = replies.find((one) => one?.["message"] !== undefined);
  if (!reply) return undefined;
  const newest = replies.findLast((one) => one?.["chat"] !== undefined);
  return {
    id: Number(reply["message"]),
    chat: String(newest?.["chat"]),
    kind: reply["kind"] === "photo" ? "photo" : "text",
  };
}

function done(answered: Answered, chat: string, kind: Root["kind"]): Outcome {
  if (!("result" in answered)) return answered;
  const id = answered.result.message_id;
  return arrived(id === undefined ? null : { message: id, chat, kind });
}
