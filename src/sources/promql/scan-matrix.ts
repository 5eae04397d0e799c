import type { Labels } from "../../series/series.js";
import type { ReplySeries } from "../reply-series.js";
import { selectorOf } from "./selector.js";

/** The series of a reply that were read from its text, and the reply without them. */
export class ScannedMatrix {
  readonly rest: unknown;
  readonly series: readonly ReplySeries[];

  constructor(rest: unknown, series: readonly ReplySeries[]) {
    this.rest = rest;
    this.series = series;
  }
}

const RESULT = '"result":[';
const METRIC = '{"metric":';
const VALUES = ',"values":[';
const [QUOTE, COMMA, DOT, MINUS, ZERO, NINE] = Array.from('",.-09', (char) => char.charCodeAt(0));
const [BACKSLASH, OPEN, CLOSE, OPEN_BRACE, CLOSE_BRACE] = Array.from("\\[]{}", (char) => char.charCodeAt(0));

/** An integer of so many digits, and these powers of ten, are exact: one division is then rounded as the text itself would be. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The text of a reply to a range query, read in one pass into arrays of numbers: `JSON.parse` makes three objects of each value, which takes most
 * of the time of a run over many series. Only what Prometheus and VictoriaMetrics write is read, without spaces and in their order.
 *
 * @returns undefined for anything else, also where it is cut off: the text is then to be read as JSON.
 */
export function scanMatrix(text: string, stepMs: number): ScannedMatrix | undefined {
  const begin = text.indexOf(RESULT);
  if (begin < 0) return undefined;
  const series: ReplySeries[] = [];
  const scan = new Scan(text, begin + RESULT.length);
  if (text.charCodeAt(scan.at) === CLOSE) scan.at++;
  else {
    for (;;) {
      const one = scan.series(stepMs);
      if (one === undefined) return undefined;
      series.push(one);
      const next = text.charCodeAt(scan.at++);
      if (next === CLOSE) break;
      if (next !== COMMA) return undefined;
    }
  }
  try {
    return new ScannedMatrix(JSON.parse(`${text.slice(0, begin)}${RESULT}]${text.slice(scan.at)}`), series);
  } catch {
    return undefined;
  }
}

/** A place in a text that moves on. */
class Scan {
  at: number;
  private readonly text: string;
  private times = new Float64Array(64);
  private values = new Float64Array(64);
  private lastTimes = new Float64Array(0);
  /** The number read last; meaningless after a method that has returned false. */
  private number = Number.NaN;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** `{"metric":{…},"values":[[1751328000,"1.5"],…]}`; undefined where it is anything else. */
  series(stepMs: number): ReplySeries | undefined {
    const { text } = this;
    if (!text.startsWith(METRIC, this.at)) return undefined;
    this.at += METRIC.length;
    const named = this.metric();
    if (named === undefined || !text.startsWith(VALUES, this.at)) return undefined;
    this.at += VALUES.length;
    let count = 0;
    let infinite = 0;
    if (text.charCodeAt(this.at) === CLOSE) this.at++;
    else {
      for (;;) {
        if (count === this.times.length) this.widen();
        if (text.charCodeAt(this.at++) !== OPEN || !this.upTo(COMMA)) return undefined;
        // Times are multiples of the step; 1751328000.06 s is not exactly that many milliseconds.
        this.times[count] = Math.round(this.number * 1000);
        if (text.charCodeAt(this.at++) !== QUOTE) return undefined;
        const from = this.at;
        if (!this.upTo(QUOTE) && !this.word(from)) return undefined;
        const isValue = Number.isFinite(this.number);
        this.values[count++] = isValue ? this.number : Number.NaN;
        if (!isValue && text.slice(from, this.at).includes("Inf")) infinite++;
        if (text.charCodeAt(this.at++) !== CLOSE) return undefined;
        const next = text.charCodeAt(this.at++);
        if (next === CLOSE) break;
        if (next !== COMMA) return undefined;
      }
    }
    if (text.charCodeAt(this.at++) !== CLOSE_BRACE) return undefined;
    return { ...named, times: this.sharedTimes(count), values: this.values.slice(0, count), stepMs, infinite };
  }

  /** Labels, up to behind their closing brace. */
  private metric(): Named | undefined {
    const { text } = this;
    const from = this.at;
    if (text.charCodeAt(this.at++) !== OPEN_BRACE) return undefined;
    for (let isQuoted = false; ; this.at++) {
      const char = text.charCodeAt(this.at);
      if (char !== char) return undefined;
      if (char === QUOTE) isQuoted = !isQuoted;
      else if (char === BACKSLASH) this.at++;
      else if (char === CLOSE_BRACE && !isQuoted) break;
      else if (char === OPEN_BRACE && !isQuoted) return undefined;
    }
    return namedBy(text.slice(from, ++this.at));
  }

  /** Reads a plain decimal number and the character behind it; false, and nothing read, where it is none that is exact. */
  private upTo(end: number): boolean {
    const { text } = this;
    let at = this.at;
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at++;
    const first = at;
    let digits = 0;
    let point = -1;
    let whole = 0;
    for (; ; at++) {
      const char = text.charCodeAt(at);
      if (char >= ZERO && char <= NINE) {
        whole = whole * 10 + (char - ZERO);
        digits++;
      } else if (char === DOT && point < 0 && at > first) point = digits;
      else if (char === end) break;
      else return false;
    }
    if (digits === 0 || digits > EXACT_DIGITS || point === digits) return false;
    const size = point < 0 ? whole : whole / POWERS[digits - point];
    this.number = isNegative ? -size : size;
    this.at = at + 1;
    return true;
  }

  /** Reads any other value and the quote behind it. */
  private word(from: number): boolean {
    const end = this.text.indexOf('"', from);
    // Values are short; a backslash among them is none.
    if (end < 0 || end - from > 40 || this.text.slice(from, end).includes("\\")) return false;
    this.number = Number(this.text.slice(from, end));
    this.at = end + 1;
    return true;
  }

  /** Most series of a reply have values at the same times, which are then the same array. */
  private sharedTimes(count: number): Float64Array {
    const { times, lastTimes } = this;
    let isSame = lastTimes.length === count;
    for (let i = 0; isSame && i < count; i++) isSame = lastTimes[i] === times[i];
    if (!isSame) this.lastTimes = times.slice(0, count);
    return this.lastTimes;
  }

  private widen(): void {
    const [times, values] = [this.times, this.values];
    this.times = new Float64Array(2 * times.length);
    this.values = new Float64Array(2 * values.length);
    this.times.set(times);
    this.values.set(values);
  }
}

type Named = { readonly labels: Labels; readonly name: string };

/** Above this many series what was read of earlier replies is let go. */
const MOST_NAMED = 100_000;
/** By their text: a process that lives on meets the same series in every run, and what was made of their labels stays theirs. */
const NAMED = new Map<string, Named>();

function namedBy(text: string): Named | undefined {
  const known = NAMED.get(text);
  if (known !== undefined) return known;
  let labels: Labels;
  try {
    labels = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (NAMED.size >= MOST_NAMED) NAMED.clear();
  const named = { name: selectorOf(labels), labels };
  // The text is a part of the reply's: a copy lets the reply go.
  NAMED.set(Buffer.from(text).toString(), named);
  return named;
}
