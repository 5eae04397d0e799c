import { SourceError } from "../../errors/errors.js";
import type { ReplySeries } from "../reply-series.js";

/** Asked for behind all targets: a reply that ends with it is whole, wherever it might have been cut. */
export const END_MARK = "anomaly-end";
export const END_TARGET = `alias(constantLine(0),"${END_MARK}")`;

const HEAD = /^(.*),(\d+),(\d+),(\d+)$/;

/**
 * The series of a reply of `/render?format=raw`: a line each, `name,start,end,step|v,v,None`, the last one the end mark. Half
 * as many numbers as JSON, and made in two thirds of the server's time. Paths under functions are not in it.
 *
 * @param place names the server in errors. @throws SourceError `cut_off` where the end or values are missing.
 */
export function decodeRaw(text: string, place: string): ReplySeries[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const cutOff = (what: string) =>
    new SourceError(
      "cut_off",
      `${place} answered with something that is not a complete Graphite reply: ${what}; look at the server's or proxy's log`,
    );
  const last = lines.pop();
  if (last === undefined || !last.startsWith(`${END_MARK},`)) throw cutOff("its end is missing");
  return lines.map((line) => {
    const bar = line.lastIndexOf("|");
    const head = HEAD.exec(line.slice(0, bar));
    if (bar < 0 || head === null) throw cutOff("a line is not a series");
    const [, name, start, end, step] = head;
    const [startS, endS, stepS] = [Number(start), Number(end), Number(step)];
    const cells = bar === line.length - 1 ? [] : line.slice(bar + 1).split(",");
    if (cells.length !== Math.ceil((endS - startS) / stepS)) throw cutOff(`${name} has ${cells.length} values`);
    const times = new Float64Array(cells.length);
    const values = new Float64Array(cells.length);
    let infinite = 0;
    for (let i = 0; i < cells.length; i++) {
      times[i] = (startS + i * stepS) * 1000;
      // "None" and "nan" are no numbers, and "inf" is none in JavaScript.
      const value = Number(cells[i]);
      if (value !== value && /^-?inf/.test(cells[i])) infinite++;
      values[i] = value;
    }
    return { name, times, values, infinite };
  });
}
