import { escapeInvisible } from "../../wording/visible.js";

/** HTML that may be in a page as it is. */
export interface Markup {
  readonly markup: string;
}

type Content = Markup | string | number | null | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template of HTML: what is put in is text and is escaped (names come from a metrics server), unless it is Markup itself.
 * Lists are joined; null and undefined are nothing. Control characters, which no page may hold, become `?`.
 *
 * @example html`<b>${"<n1>"}</b>`.markup // "<b>&lt;n1&gt;</b>"
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return { markup: parts.reduce((page, part, i) => page + written(contents[i - 1]) + part) };
}

function written(content: Content): string {
  if (content === null || content === undefined) return "";
  if (Array.isArray(content)) return content.map(written).join("");
  if (typeof content === "object") return (content as Markup).markup;
  return escapeInvisible(String(content))
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff\ud800-\udfff]/gu, "?")
    .replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
