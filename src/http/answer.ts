import type { Dispatcher } from "undici";
import { SourceError } from "../errors/errors.js";
import { visible } from "../wording/visible.js";
import { placeOf, statusFailure } from "./failure.js";

type Answer = Pick<Dispatcher.ResponseData, "statusCode" | "headers">;

/** The first value of a header. */
export const single = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

const isHtml = (answer: Answer, text: string) =>
  /html/i.test(single(answer.headers["content-type"]) ?? "") || /^\s*<(!doctype|html)/i.test(text);

/** The status that the body of a failed answer gives, where the answer's own says less; undefined: it gives none. */
export type StatusIn = (json: unknown) => number | undefined;

/** Why an answer is none that can be used; undefined where it is to be read as JSON. */
export function answerFailure(url: string, answer: Answer, text: string, statusIn?: StatusIn): SourceError | undefined {
  const status = answer.statusCode;
  if (status >= 300 && status < 400) {
    const location = single(answer.headers.location) ?? "";
    const target = URL.canParse(location, url) ? placeOf(new URL(location, url).href) : "nowhere";
    return new SourceError(
      "redirect",
      `${placeOf(url)} sends to ${target} (${status}), and redirects are not followed, to keep credentials here; use that address itself`,
    );
  }
  if (status >= 400) return statusFailure(url, told(text, statusIn) ?? status, detailOf(text));
  if (isHtml(answer, text)) {
    return new SourceError(
      "html",
      `${placeOf(url)} answered with a web page instead of JSON; it may be a log-in page, so check the address and the credentials`,
    );
  }
  return undefined;
}

/**
 * Where a redirect leads, if it may be followed: to the same scheme, host and port, so that credentials stay where they are, and
 * with a status that keeps the method and the body (307, 308; for GET all).
 */
export function redirectTarget(url: string, method: string, answer: Answer): string | undefined {
  const keepsBody = answer.statusCode === 307 || answer.statusCode === 308;
  if (!keepsBody && !(method === "GET" && [301, 302, 303].includes(answer.statusCode))) return undefined;
  const location = single(answer.headers.location) ?? "";
  if (!URL.canParse(location, url)) return undefined;
  const [from, to] = [new URL(url), new URL(location, url)];
  if (from.origin !== to.origin) return undefined;
  to.username = from.username;
  to.password = from.password;
  return to.href;
}

/** Of a server's own words: enough for a sentence, and little of a page. */
const DETAIL_LENGTH = 200;

function told(text: string, statusIn: StatusIn | undefined): number | undefined {
  try {
    return statusIn?.(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** What the server says about its failure: a JSON message, or a short line of text; never a page. */
function detailOf(text: string): string {
  let detail = "";
  try {
    detail = messageIn(JSON.parse(text)) ?? "";
  } catch {
    // Graphite calls its plain sentences text/html, so the text decides and not the type.
    detail = /^\s*</.test(text) ? "" : text;
  }
  return visible(detail.replace(/\s+/g, " ").trim().slice(0, DETAIL_LENGTH));
}

/** `message` or `error` of a JSON answer, or of the first of the `results` that Grafana's query API puts them in. */
function messageIn(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  const { message, error, results } = json as { message?: unknown; error?: unknown; results?: unknown };
  for (const words of [message, error]) if (typeof words === "string" && words !== "") return words;
  if (typeof results !== "object" || results === null) return undefined;
  return Object.values(results)
    .map(messageIn)
    .find((words) => words !== undefined);
}

/** @throws SourceError `cut_off` or `not_json`, with the length and never the text. */
export function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const begins = /^\s*[[{]/.test(text);
    const code = begins ? "cut_off" : "not_json";
    const words = begins ? "answered with JSON that is cut off" : "answered with something that is not JSON";
    throw new SourceError(
      code,
      `${placeOf(url)} ${words} (${text.length} characters); look at the server's or proxy's log`,
      { cause },
    );
  }
}
