import { FormData } from "undici";
import { isFailure, openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { cut, documentOf, fitting, headlineOf, type Line } from "../render/document.js";
import { slackEscape, slackMarkup } from "../render/markup.js";
import { arrived, type Outcome, type Receiver, type Reply, type Sending } from "./receiver.js";
import { slackCalls } from "./slack-call.js";
import { slackReplies } from "./slack-replies.js";

interface Options {
  readonly url: string;
  readonly channel: string;
  readonly picture: boolean;
  readonly replies: boolean;
}

/** @see https://docs.slack.dev/reference/block-kit/blocks/section-block */
const SECTION = 3000;
/** Of `text`, which notifications show; Slack cuts it at 40,000 and advises 4,000. */
const TEXT = 3000;
const HEADLINE = 1000;
/** One message a second and channel. */
const PACE_MS = 1000;
const COLOURS = { critical: "#7b1fa2", high: "#c62828", medium: "#ef6c00", low: "#f9a825" } as const;
const OVER_COLOUR = "#2e7d32";

/** A message as Slack shows it: a line in bold, and the rest below. */
export function slackBody(
  message: AlertMessage,
  replies = false,
): { readonly text: string; readonly blocks: readonly object[] } {
  const { lines } = documentOf(message);
  const headline = cut(headlineOf(message), HEADLINE);
  const bold = slackMarkup([{ text: headline, style: "bold" }]);
  const body = fitting([...lines, ...(replies ? howToReply(message) : [])], slackMarkup, SECTION).join("\n");
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
  return { text: cut(slackEscape(headline), TEXT), blocks: [section(bold), section(body)] };
}

/** How to answer, where answers are read. */
function howToReply({ false_alarm }: AlertMessage): readonly Line[] {
  if (false_alarm === null) return [];
  const words =
    "Or answer in this thread: false, real, or expected: why. :x: is a false alarm, :white_check_mark: is real";
  return [[{ text: words }]];
}

/** The colour of the bar beside a message. */
const colourOf = ({ status, severity }: AlertMessage) => (status === "closed" ? OVER_COLOUR : COLOURS[severity]);

/**
 * One message per incident, edited as it develops; repeats, escalations and the end are replies in its thread, and so is the picture. Needs
 * `chat:write`, for pictures `files:write`; with `channels:history` a message that was sent just before a crash is found again instead of sent twice.
 */
export function slack({ url, channel, picture, replies }: Options, tokenOf: () => string): Receiver {
  const poster = openPoster();
  const { call, form } = slackCalls(url, tokenOf, poster);
  const attached = (message: AlertMessage) => {
    const { text, blocks } = slackBody(message, replies);
    return { text, attachments: [{ color: colourOf(message), blocks }] };
  };

  const post = async (message: AlertMessage, thread: string | null, sending: Sending): Promise<Outcome> => {
    if (sending.earlierTries > 0) {
      const ts = await findAgain(sending, thread);
      if (ts !== undefined) return arrived({ ts, root: thread ?? ts });
    }
    const body = {
      channel,
      ...attached(message),
      ...(thread !== null && { thread_ts: thread, reply_broadcast: message.stage === "escalation" }),
      unfurl_links: false,
      metadata: { event_type: "anomaly_alert", event_payload: { key: sending.key } },
    };
    const posted = await call("chat.postMessage", body, sending);
    if (!("json" in posted)) return posted;
    const ts = String(posted.json["ts"]);
    return arrived({ ts, root: thread ?? ts });
  };
  /** Looks for a message that a sender may have sent before it died. Without the right to read there is none to be found. */
  const findAgain = async (sending: Sending, thread: string | null): Promise<string | undefined> => {
    const method = thread === null ? "conversations.history" : "conversations.replies";
    const fields = { channel, limit: "50", include_all_metadata: "true", ...(thread !== null && { ts: thread }) };
    const found = await form(method, fields, sending);
    if (!("json" in found) || !Array.isArray(found.json["messages"])) return undefined;
    const ours = (found.json["messages"] as readonly SlackMessage[]).find(
      ({ metadata }) => metadata?.event_payload?.key === sending.key,
    );
    return ours?.ts;
  };
  /** The picture in the message's thread. Nothing waits for it: the message is there already. */
  const upload = async (message: AlertMessage, thread: string, sending: Sending): Promise<void> => {
    const bytes = await sending.picture();
    if (bytes === null) return;
    const name = `${message.incident}.png`;
    const begun = await form("files.getUploadURLExternal", { filename: name, length: String(bytes.length) }, sending);
    if (!("json" in begun)) return;
    const data = new FormData();
    data.append("file", new Blob([Buffer.from(bytes)], { type: "image/png" }), name);
    const { nowMs, signal } = sending;
    const address = String(begun.json["upload_url"]);
    const sent = await poster.post(address, { body: data, signal, nowMs, secrets: [address], name: "Slack" });
    if (isFailure(sent) || sent.status >= 300) return;
    await call(
      "files.completeUploadExternal",
      { files: [{ id: begun.json["file_id"], title: name }], channel_id: channel, thread_ts: thread },
      sending,
    );
  };

  return {
    paceMs: PACE_MS,
    preview: (message) => JSON.stringify(slackBody(message, replies), null, 2),
    send: async (message, sending) => {
      const root = rootOf(sending.replies);
      if (root === undefined || message.kind === "test") {
        const posted = await post(message, null, sending);
        if (posted.ok && picture && posted.reply !== null) await upload(message, String(posted.reply["root"]), sending);
        return posted;
      }
      const edited = await call("chat.update", { channel, ts: root, ...attached(message) }, sending);
      if (!("json" in edited)) {
        // Somebody has deleted it, or it is too old to be edited: what is new is still worth a message.
        if (!/message_not_found|edit_window_closed|cant_update_message/.test(edited.error)) return edited;
        return post(message, null, sending);
      }
      if (message.stage === "update") return arrived({ ts: root, root });
      return post(message, root, sending);
    },
    ...(replies && { hear: slackReplies(channel, slackCalls(url, tokenOf, poster)) }),
    close: () => poster.close(),
  };
}

interface SlackMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_payload?: { readonly key?: string } };
}

function rootOf(replies: readonly Reply[]): string | undefined {
  const root = replies.findLast((reply) => reply?.["root"] !== undefined)?.["root"];
  return root === undefined ? undefined : String(root);
}
