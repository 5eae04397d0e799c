import { count } from "../../wording/count.js";
import { formatIn } from "../../wording/moment.js";
import { roughDuration } from "../../wording/rough-duration.js";
import { visible } from "../../wording/visible.js";
import { shareWords } from "../message/compose.js";
import type { AlertMessage, MessageMember } from "../message/message.js";

/** A piece of a line; its text is plain and still to be escaped for where it goes. */
export interface Span {
  readonly text: string;
  readonly style?: "bold" | "code";
  readonly url?: string;
}

export type Line = readonly Span[];

/** A message as lines for people, before it takes the markup of a receiver. */
export interface MessageDocument {
  readonly headline: string;
  /** Most important first, so that it can be cut at its end. */
  readonly lines: readonly Line[];
}

const plain = (text: string): Span => ({ text: visible(text) });
const bold = (text: string): Span => ({ text: visible(text), style: "bold" });
const code = (text: string): Span => ({ text: visible(text), style: "code" });

/** What is wrong, where, since when, how bad against what is normal, and what to do. */
export function documentOf(message: AlertMessage): MessageDocument {
  const { reasons, facts, likely_cause, history, links, false_alarm, members, members_total, kind } = message;
  const lines: Line[] = [[plain(whenWords(message))]];
  const share = shareWords(message);
  if (share !== null) lines.push([bold("Machines: "), plain(share)]);
  for (const { name, value } of facts) lines.push([bold(`${name}: `), plain(value)]);
  if (likely_cause !== null) lines.push([bold("Likely cause: "), plain(likely_cause)]);
  if (reasons.length > 0) lines.push([bold("Why: "), plain(reasons.join("; "))]);
  if (history !== null) lines.push([bold("Before: "), plain(history)]);
  if (message.first_mover !== null) {
    const { name, since, words } = message.first_mover;
    lines.push([bold("First: "), plain(`${name} at ${time(since, message)}, ${words}`)]);
  }
  if (links.length > 0) {
    lines.push(links.flatMap(({ words, url }, i) => [...(i === 0 ? [] : [plain(" · ")]), { text: words, url }]));
  }
  if (false_alarm !== null) lines.push([plain("False alarm? "), code(false_alarm)]);
  if (message.stage !== "close" && kind === "incident") {
    lines.push([plain("Acknowledge: "), code(`anomaly alert ack ${message.incident}`)]);
  }
  const isList = members_total > 1 || kind === "storm" || kind === "quiet";
  if (isList) {
    for (const member of members) lines.push([plain(`${memberWords(member, message)}`)]);
    if (members_total > members.length) lines.push([plain(`… and ${members_total - members.length} more`)]);
  }
  return { headline: headlineOf(message), lines };
}

/** `HIGH n1 cpu: spike up` */
export function headlineOf(message: AlertMessage): string {
  return visible(`${stageWords(message)} ${message.title}`);
}

function stageWords({ stage, status, severity, duration_s, kind }: AlertMessage): string {
  const word = severity.toUpperCase();
  if (kind === "test") return `TEST ${word}`;
  if (status === "closed") return `OVER (${word}, ${roughDuration(duration_s)})`;
  if (stage === "update") return `${word} (update)`;
  if (stage === "repeat") return `${word} (still open after ${roughDuration(duration_s)})`;
  if (stage === "escalation") return `${word} (not acknowledged for ${roughDuration(duration_s)})`;
  return word;
}

function whenWords(message: AlertMessage): string {
  const { since, until, duration_s } = message;
  const lasted = roughDuration(duration_s);
  if (until === null) return `Since ${time(since, message)} ${message.timezone}, ${lasted} so far`;
  return `${time(since, message)} to ${time(until, message)} ${message.timezone}, ${lasted}`;
}

const time = (iso: string, { timezone }: AlertMessage) =>
  formatIn(Math.floor(Date.parse(iso) / 60_000) * 60_000, timezone);

function memberWords({ name, words, severity, status, since, score }: MessageMember, message: AlertMessage): string {
  const parts = [
    `${severity}${status === "closed" ? ", over" : ""}`,
    `since ${time(since, message)}`,
    ...(score === null ? [] : [`score ${score}`]),
  ];
  return `• ${name}${words === "" ? "" : `: ${words}`} (${parts.join(", ")})`;
}

/** Lines that fit into a limit once they are marked up; what was left out is counted in a last line. */
export function fitting(
  lines: readonly Line[],
  render: (line: Line) => string,
  most: number,
  separator = "\n",
): readonly string[] {
  const rendered = lines.map(render);
  const whole = (shown: readonly string[]) => shown.join(separator).length;
  if (whole(rendered) <= most) return rendered;
  for (let kept = rendered.length - 1; kept >= 0; kept--) {
    const note = `… ${count(rendered.length - kept, "line")} left out`;
    const shown = [...rendered.slice(0, kept), note];
    if (whole(shown) <= most) return shown;
  }
  return [];
}

/** A text of at most so many UTF-16 units, cut between characters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = "";
  for (const character of text) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
