import { describe, expect, test } from "vitest";
import { createLog, type LogOptions, paintFor } from "./log.js";
import type { Streams } from "./streams.js";

function logged(options: Partial<LogOptions>, streams: Partial<Streams> = {}) {
  const lines: string[] = [];
  const err = (text: string) => {
    lines.push(text);
  };
  const all = { nowMs: () => 0, stderrIsTerminal: true, stderrColumns: 80, env: {}, err, ...streams } as Streams;
  return { lines, log: createLog(all, { quiet: false, verbose: false, format: "text", ...options }) };
}

describe("log lines", () => {
  test("quiet silences what is well and never what is not; verbose adds details", () => {
    const say = ({ lines, log }: ReturnType<typeof logged>) => {
      log.debug("detail");
      log.info("news");
      log.warn("odd");
      log.error("broken");
      return lines;
    };
    expect(say(logged({ quiet: true }))).toEqual(["warning: odd\n", "error: broken\n"]);
    expect(say(logged({}))).toEqual(["news\n", "warning: odd\n", "error: broken\n"]);
    expect(say(logged({ verbose: true }))[0]).toBe("detail\n");
  });

  test("as JSON they are one object per line with time, level and the figures", () => {
    const { lines, log } = logged({ format: "json" });
    log.info("done", { series: 3 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { time: "1970-01-01T00:00:00.000Z", level: "info", message: "done", series: 3 },
    ]);
  });

  test("a moving line is only drawn on a terminal that shows its width, for people, and not when quiet", () => {
    expect(logged({}).log.animated).toBe(true);
    expect(logged({}, { stderrColumns: 0 }).log.animated).toBe(false);
    expect(logged({}, { stderrIsTerminal: false }).log.animated).toBe(false);
    expect(logged({ quiet: true }).log.animated).toBe(false);
    expect(logged({ format: "json" }).log.animated).toBe(false);
  });
});

describe("colours", () => {
  const red = async (env: Readonly<Record<string, string>>, isTerminal = true) =>
    (await paintFor({ env } as Streams, isTerminal)).red("x");

  test("are for terminals, unless NO_COLOR is set to anything or the terminal is dumb", async () => {
    expect(await red({})).toBe("\u001b[31mx\u001b[39m");
    expect(await red({ NO_COLOR: "" })).toBe("\u001b[31mx\u001b[39m");
    expect(await red({ NO_COLOR: "1" })).toBe("x");
    expect(await red({ TERM: "dumb" })).toBe("x");
    expect(await red({}, false)).toBe("x");
  });
});
