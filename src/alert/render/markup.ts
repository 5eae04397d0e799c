import type { Line, Span } from "./document.js";

/** Plain text; links as words and address. */
export function plainText(line: Line): string {
  return line.map(({ text, url }) => (url === undefined ? text : `${text}: ${url}`)).join("");
}

const escapeThree = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Slack's mrkdwn. `*`, `_` and `~` mark up text at the edge of a word alone: a character of no width behind them keeps names such as
 * `*foo*` as they are, and leaves `foo_bar` to be copied.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackMarkup(line: Line): string {
  return line
    .map(({ text, style, url }: Span) => {
      if (url !== undefined) return `<${escapeThree(url).replaceAll("|", "%7C")}|${slackEscape(text)}>`;
      if (style === "code") return `\`${escapeThree(text).replaceAll("`", "'")}\``;
      if (style === "bold") {
        const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? ["", "", text, ""];
        return `${before}*${slackEscape(inner)}*${after}`;
      }
      return slackEscape(text);
    })
    .join("");
}

const MARK = /(?<![\p{L}\p{N}])[*_~]|[*_~](?![\p{L}\p{N}])|`/gu;
/** Zero-width space: it ends what would else be markup, and nobody sees it. */
const NO_WIDTH = "\u200b";

export function slackEscape(text: string): string {
  return escapeThree(text).replace(MARK, (mark) => `${mark}${NO_WIDTH}`);
}

export const htmlEscape = (text: string) => escapeThree(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;");

/** The few HTML elements that Telegram takes, and mail programs too. */
export function htmlMarkup(line: Line): string {
  return line
    .map(({ text, style, url }: Span) => {
      const words = htmlEscape(text);
      if (url !== undefined) return `<a href="${htmlEscape(url)}">${words}</a>`;
      if (style === "bold") return `<b>${words}</b>`;
      return style === "code" ? `<code>${words}</code>` : words;
    })
    .join("");
}
