import { FormData } from "undici";
import { openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { cut, documentOf, fitting, headlineOf } from "../render/document.js";
import { htmlEscape, htmlMarkup } from "../render/markup.js";
import { arrived, type Outcome, type Receiver, type Reply, type Sending } from "./receiver.js";
import { type Answered, type Failed, telegramCalls } from "./telegram-call.js";
import { telegramReplies } from "./telegram-replies.js";

interface Options {
  readonly url: string;
  readonly chat: string;
  readonly picture: boolean;
  readonly replies: boolean;
}

/** Telegram counts after it has parsed the markup; counting before is on the safe side. */
const TEXT = 4096;
const CAPTION = 1024;
const HEADLINE = 300;
const HOW_TO_REPLY = "Or reply to this message: false, real, or expected: why";
/** One message a second and chat; groups take 20 a minute. */
const PACE_MS = 3000;

/** A message as the HTML that Telegram takes, within a limit. */
export function telegramHtml(message: AlertMessage, most: number, replies = false): string {
  const { lines: said } = documentOf(message);
  const lines = replies && message.false_alarm !== null ? [...said, [{ text: HOW_TO_REPLY }]] : said;
  const headline = `<b>${htmlEscape(cut(headlineOf(message), HEADLINE))}</b>`;
  return [headline, ...fitting(lines, htmlMarkup, most - headline.length - 1)].join("\n");
}

/** A photo with its caption for each incident, edited as it develops; repeats, escalations and the end reply to it. */
export function telegram({ url, chat, picture, replies }: Options, tokenOf: () => string): Receiver {
  const poster = openPoster();
  const call = telegramCalls(url, tokenOf, poster);

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
      data.append("caption", telegramHtml(message, CAPTION, replies));
      if (replyTo !== null) data.append("reply_parameters", JSON.stringify(reply.reply_parameters));
      data.append("photo", new Blob([Buffer.from(bytes)], { type: "image/png" }), "episode.png");
      return done(await call("sendPhoto", data, sending), to, "photo");
    }
    const body = {
      chat_id: to,
      parse_mode: "HTML",
      text: telegramHtml(message, TEXT, replies),
      ...PLAIN_LINKS,
      ...reply,
    };
    return done(await call("sendMessage", body, sending), to, "text");
  };
  const edit = async (to: string, message: AlertMessage, root: Root, sending: Sending): Promise<Outcome> => {
    const at = { chat_id: to, message_id: root.id, parse_mode: "HTML" };
    const edited =
      root.kind === "photo"
        ? await call("editMessageCaption", { ...at, caption: telegramHtml(message, CAPTION, replies) }, sending)
        : await call("editMessageText", { ...at, text: telegramHtml(message, TEXT, replies), ...PLAIN_LINKS }, sending);
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
    preview: (message) => telegramHtml(message, message.picture !== null && picture ? CAPTION : TEXT, replies),
    send: async (message, sending) => {
      const first = await sendTo(rootOf(sending.replies)?.chat ?? chat, message, sending);
      // The group was made a supergroup, which has another number.
      const movedTo = first.ok ? undefined : (first as Failed).movedTo;
      return movedTo === undefined ? first : sendTo(movedTo, message, sending);
    },
    ...(replies && { hear: telegramReplies(call) }),
    close: () => poster.close(),
  };
}

const PLAIN_LINKS = { link_preview_options: { is_disabled: true } };

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
  const { message_id: id } = (answered.result ?? {}) as { readonly message_id?: number };
  return arrived(id === undefined ? null : { message: id, chat, kind });
}
