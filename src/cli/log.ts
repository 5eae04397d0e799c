import type { Paint } from "../wording/paint.js";
import { visible } from "../wording/visible.js";
import type { Streams } from "./streams.js";

export type LogLevel = "debug" | "info" | "warning" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Log {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  /** `info` for a line that has colours of its own, and no text from outside. */
  readonly painted: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
  /** True where a moving line may be drawn: a terminal, text format, not quiet. */
  readonly animated: boolean;
  readonly paint: Paint;
}

export interface LogOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly format: "text" | "json";
}

/** Narrower than this a bar says nothing. */
const LEAST_COLUMNS = 40;

const PLAIN: Paint = { bold: String, dim: String, red: String, yellow: String, green: String };

/** @see https://no-color.org: any value that is not empty switches colours off; `TERM=dumb` cannot show them. */
export async function paintFor(streams: Streams, isTerminal: boolean): Promise<Paint> {
  const { NO_COLOR, TERM } = streams.env;
  if (!isTerminal || (NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb") return PLAIN;
  const { default: picocolors } = await import("picocolors");
  return picocolors.createColors(true);
}

/** Log lines on stderr: sentences for people, or one JSON object a line. Warnings and errors are never silenced. */
export function createLog(streams: Streams, options: LogOptions, paint: Paint = PLAIN): Log {
  const write = (level: LogLevel, said: string, fields: LogFields = {}, isOurs = false) => {
    // A stack trace has lines; in all else a line feed comes from a name, and would begin a line that nobody has written.
    const message =
      isOurs || options.format === "json" ? said : level === "debug" ? eachLine(said, visible) : visible(said);
    if (options.format === "json") {
      const time = new Date(streams.nowMs()).toISOString();
      streams.err(`${JSON.stringify({ time, level, message, ...fields })}\n`);
      return;
    }
    const prefix = level === "error" ? paint.red("error: ") : level === "warning" ? paint.yellow("warning: ") : "";
    streams.err(`${prefix}${level === "debug" ? paint.dim(message) : message}\n`);
  };
  return {
    debug: (message, fields) => options.verbose && write("debug", message, fields),
    info: (message, fields) => options.quiet || write("info", message, fields),
    painted: (message, fields) => options.quiet || write("info", message, fields, true),
    warn: (message, fields) => write("warning", message, fields),
    error: (message, fields) => write("error", message, fields),
    // Without a width a line cannot be taken back: how many rows it fills is not known.
    animated:
      streams.stderrIsTerminal && streams.stderrColumns >= LEAST_COLUMNS && !options.quiet && options.format === "text",
    paint,
  };
}

const eachLine = (text: string, change: (line: string) => string) => text.split("\n").map(change).join("\n");
