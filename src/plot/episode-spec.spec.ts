/* Longer than most: every part of the picture is asked of one and the same hydrated record. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HydratedRecord } from "../records/record.js";
import { MARGIN, PICTURE_HEIGHT, PICTURE_WIDTH, PLOT_WIDTH } from "./episode-frame.js";
import { episodeSpec } from "./episode-spec.js";
import { worstPointLine } from "./episode-words.js";
import { renderSvg } from "./render-svg.js";
import { hydratedOf, LONG_AGGREGATOR, LONG_MACHINE, withHistory } from "./testing/hydrated-record.js";
import { overlaps, type SvgText, svgTexts } from "./testing/svg-texts.js";

const nothing = (values: readonly unknown[]) => values.map(() => null);
const context = (
  change: (context: NonNullable<HydratedRecord["context"]>) => object,
  stepS?: number,
): HydratedRecord => {
  const record = hydratedOf({}, stepS);
  return { ...record, context: { ...record.context!, ...change(record.context!) } };
};

/** The library moves axes by this, so that their lines are sharp. */
const HALF_PIXEL = 0.5;

const REASONS = [
  "4.1× above the band",
  "5× the value 24 h ago",
  "5.3× the value 72 h ago",
  "the level of the last 6 h is 2.2× that of the 24 h before",
  "at this hour of the week no value was above 0.0301 in the 26 weeks of the history of this machine and its family",
  "and once more so that it does not fit: at this hour of the week no value was above 0.0301, nor on any other day",
  "and a last one, of which nobody will ever see more than its first words in the picture, if so much",
];

/** Everything that a picture may have to hold. */
const CASES: Readonly<Record<string, HydratedRecord>> = {
  ordinary: hydratedOf(),
  "two weeks before": withHistory(hydratedOf()),
  "two weeks of huge values": withHistory(hydratedOf({ unit: null, series: "memory_bytes" }), 8e15),
  "two weeks of nothing": {
    ...hydratedOf(),
    history: { start: "2025-06-18T00:00:00Z", step_s: 3600, low: [null], median: [null], high: [null] },
  },
  "longest names": withHistory(
    hydratedOf({
      machine: LONG_MACHINE,
      aggregator: LONG_AGGREGATOR,
      severity: "critical",
      reasons: REASONS,
      score: 123_456,
    }),
  ),
  "names far too long": hydratedOf({ machine: "m".repeat(300), aggregator: "W".repeat(300) }),
  "no reasons": hydratedOf({ reasons: [] }),
  "minutes, one point": hydratedOf({}, 60),
  gaps: context(({ observed }) => ({ observed: observed.map((value, i) => (i % 3 === 0 ? value : null)) }), 1200),
  silence: {
    ...context(({ observed }) => ({ observed: observed.map((value, i) => (i >= 10 && i < 16 ? null : value)) })),
    kind: "silence",
    direction: "none",
    start: "2025-07-02T10:00:00Z",
    end: "2025-07-02T16:00:00Z",
    observed: null,
  },
  "drop to zero": {
    ...context(({ observed }) => ({ observed: observed.map((value, i) => (i >= 12 && i < 15 ? 0 : value)) })),
    kind: "drop",
    direction: "down",
    observed: 0,
  },
  "all null": {
    ...context((all) => ({
      observed: nothing(all.observed),
      expected: nothing(all.observed),
      lower: nothing(all.observed),
      upper: nothing(all.observed),
      lag_24h: nothing(all.observed),
      lag_72h: nothing(all.observed),
    })),
    observed: null,
    max_value: null,
    min_value: null,
    avg_value: null,
    valid_pct: 0,
  },
  "not fetched": hydratedOf({
    context: null,
    max_value: null,
    avg_value: null,
    min_value: null,
    valid_pct: null,
    last_good_at: null,
    last_good_value: null,
    hydrate_error: "Graphite did not answer within 10s; try again or raise the limit",
  }),
  constant: context(({ observed }) => ({ observed: observed.map(() => 5), expected: observed.map(() => 5) })),
  "large numbers": context(({ observed }) => ({ observed: observed.map((value) => (value ?? 0) * 1e12) })),
  "one slot in the window": {
    ...context(() => ({
      observed: [0.1],
      expected: [null],
      lower: [null],
      upper: [null],
      lag_24h: [null],
      lag_72h: [null],
    })),
    window: { start: "2025-07-02T12:00:00Z", end: "2025-07-02T13:00:00Z", mode: "centred" },
  },
  "outside of its window": hydratedOf({ start: "2025-06-01T00:00:00Z", end: "2025-06-01T01:00:00Z" }),
};

const picture = async (record: HydratedRecord, options = {}) => svgTexts(await renderSvg(episodeSpec(record, options)));
const find = (texts: readonly SvgText[], part: string) => texts.find(({ text }) => text.includes(part));

describe("the specification", () => {
  test("of a small record is the one on file, light and dark", async () => {
    const text = (options: object) => `${JSON.stringify(episodeSpec(hydratedOf({}, 3600 * 3), options), null, 1)}\n`;
    await expect(text({})).toMatchFileSnapshot("golden/episode-light.vega-lite.txt");
    const strip = `${JSON.stringify(episodeSpec(withHistory(hydratedOf({}, 3600 * 12))), null, 1)}\n`;
    await expect(strip).toMatchFileSnapshot("golden/episode-two-weeks.vega-lite.txt");
    await expect(text({ theme: "dark", timezone: "America/New_York", interactive: true })).toMatchFileSnapshot(
      "golden/episode-dark.vega-lite.txt",
    );
  });

  test("changes nothing in the record", () => {
    const record = hydratedOf();
    const before = structuredClone(record);
    episodeSpec(record);
    expect(record).toEqual(before);
  });
});

describe.each(Object.entries(CASES))("the picture of: %s", (_, record) => {
  test.each([{}, { theme: "dark", timezone: "America/Argentina/ComodRivadavia" }] as const)(
    "has no text over another and none outside (%j)",
    async (options) => {
      const texts = await picture(record, options);
      expect(texts.length).toBeGreaterThan(20);
      expect(overlaps(texts)).toEqual([]);
      for (const { text, left, right, top, bottom } of texts) {
        expect(left, text).toBeGreaterThanOrEqual(4);
        expect(right, text).toBeLessThanOrEqual(PICTURE_WIDTH - 4);
        expect(top, text).toBeGreaterThanOrEqual(4);
        expect(bottom, text).toBeLessThanOrEqual(PICTURE_HEIGHT - 4);
      }
    },
  );
});

describe("what is written", () => {
  test("names the series, the kind, the severity, the score, the peak and its time, the reasons and the figures", async () => {
    const texts = (await picture(CASES["ordinary"])).map(({ text }) => text);
    for (const text of [
      "HIGH",
      "n201-primary-example-com",
      "client_presence_hour",
      "4.21",
      "score, 1 is the threshold",
      "spike up · 2025-07-02 12:00 → 13:00 UTC · 1h, 1 point · closed",
      "peak 0.125 at 2025-07-02 12:00 UTC · expected 0.0250, band 0.0200 to 0.0300",
      "3.6× above the band; 4.1× the value 24 h ago",
      "episode: peak 0.125, alert at 13:00",
      "UTC",
      "observed",
      "expected",
      "band",
      "24 h before",
      "72 h before",
      "max",
      "0.125",
      "0.0292",
      "0.0301",
      "100 %",
      "0.0249",
      "0.0263 at 2025-07-02 11:00",
    ]) {
      expect(texts).toContain(text);
    }
  });

  test("holds the longest names whole", async () => {
    const texts = await picture(CASES["longest names"]);
    expect([LONG_MACHINE.length, LONG_AGGREGATOR.length]).toEqual([70, 60]);
    expect(find(texts, LONG_MACHINE)).toBeDefined();
    expect(find(texts, LONG_AGGREGATOR)).toBeDefined();
    expect(texts.filter(({ text }) => text.endsWith(" …"))).toHaveLength(1);
  });

  test("a silence says since when there is no value and what the last one was", async () => {
    const texts = await picture(CASES["silence"]);
    // 0.025 + 0.005 sin(2π 9/24): the values of 10:00 to 16:00 are taken out.
    expect(find(texts, "no value at 2025-07-02 12:00 UTC, the last was 0.0285 at 2025-07-02 09:00")).toBeDefined();
    expect(find(texts, "episode: no values, alert at")).toBeDefined();
  });

  test("the last value of a silence inside an episode is the one just before it, not the one before the episode", () => {
    const silence = CASES["silence"];
    const hours = [7.1, 7.2, null, null];
    const context = {
      start: "2025-07-02T10:00:00Z",
      step_s: 3600,
      observed: hours,
      expected: hours,
      lower: hours,
      upper: hours,
      lag_24h: hours,
      lag_72h: hours,
    };
    const record = { ...silence, timestamp: "2025-07-02T13:00:00Z", start: "2025-06-30T00:00:00Z", context };
    expect(worstPointLine({ ...record, last_good_at: "2025-06-29T23:00:00Z", last_good_value: 1 }, "UTC")).toContain(
      "no value at 2025-07-02 13:00 UTC, the last was 7.200 at 2025-07-02 11:00",
    );
  });

  test("whether it is usual: how often the two weeks before had such a value", async () => {
    const title = async (record: HydratedRecord) => find(await picture(record), "the two weeks before")?.text;
    const boxed = " · boxed: the window above";
    expect(await title(withHistory(hydratedOf()))).toBe(`the two weeks before: never as high, at most 0.0330${boxed}`);
    // One hour of 348 less the gap of six: from 2025-06-18 00:00 to 2025-07-02 12:00.
    expect(await title(withHistory(hydratedOf(), 0.2))).toBe(`the two weeks before: as high in 1 of 342 hours${boxed}`);
    expect(await title(withHistory({ ...CASES["silence"] }))).toBe(`the two weeks before${boxed}`);
    const low = hydratedOf({ direction: "down", observed: 0.01 });
    expect(await title(withHistory(low))).toBe(`the two weeks before: never as low, at least 0.0180${boxed}`);
    expect(await title(withHistory(hydratedOf({ kind: "stall" })))).toBe(`the two weeks before${boxed}`);
    expect(await title(CASES["two weeks of nothing"])).toBeUndefined();
  });

  test("the unit of the data is in the axis and in the figures", async () => {
    const bytes = context(({ observed }) => ({ observed: observed.map((value) => (value ?? 0) * 1e10) }));
    const texts = await picture({ ...bytes, unit: null, series: "n1.memory_bytes", max_value: 1.25e9 });
    expect(find(texts, "1.25 GB")).toBeDefined();
    expect(find(texts, "1.0 GB")).toBeDefined();
    expect(find(await picture(hydratedOf({ unit: null, series: "n1.behind_ratio" })), "ratio")?.text).toBe("ratio");
  });

  test("without data the reason is in the picture, and no made-up scale", async () => {
    const texts = await picture(CASES["not fetched"]);
    expect(find(texts, "no data: Graphite did not answer within 10s")).toBeDefined();
    expect(find(await picture(CASES["all null"]), "no slot of this window holds a value")).toBeDefined();
    expect(texts.some(({ text }) => text === "0.2" || text === "1.0")).toBe(false);
  });

  test("names that look like markup, or hold control characters, stay text", async () => {
    const svg = await renderSvg(episodeSpec(hydratedOf({ machine: '<b>&\u0000"x', aggregator: "</svg>" })));
    expect(svg).not.toContain("<b>");
    expect(svg).not.toContain("\u0000");
    expect(svgTexts(svg).some(({ text }) => text === '<b>&?"x')).toBe(true);
    expect(svgTexts(svg).some(({ text }) => text === "</svg>")).toBe(true);
  });
});

describe("the time axis", () => {
  const zone = process.env["TZ"];
  beforeEach(() => {
    process.env["TZ"] = "America/New_York";
  });
  afterEach(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  test("is right in UTC on a machine in New York", async () => {
    expect(new Date(Date.UTC(2025, 6, 2)).getHours()).toBe(20);
    const texts = await picture(hydratedOf());
    for (const hour of [0, 2, 8, 12, 22]) {
      const label = texts.find(({ text }) => text === `${String(hour).padStart(2, "0")}:00`);
      expect(label?.x, String(hour)).toBeCloseTo(MARGIN.left + HALF_PIXEL + (hour / 24) * PLOT_WIDTH, 6);
    }
    // The peak of noon is marked at noon.
    expect(find(texts, "episode: peak")?.x).toBeCloseTo(MARGIN.left + PLOT_WIDTH / 2, 6);
  });

  test("the whole picture is the same to the last byte on any machine", async () => {
    const here = await renderSvg(episodeSpec(hydratedOf()));
    process.env["TZ"] = "Asia/Kolkata";
    // Several at once, because the library counts through all of them.
    const there = await Promise.all([1, 2, 3].map(() => renderSvg(episodeSpec(hydratedOf()))));
    expect(there.map((svg) => svg === here)).toEqual([true, true, true]);
  });

  test("in another zone says so and has its hours where they are", async () => {
    const texts = await picture(hydratedOf(), { timezone: "Asia/Kolkata" });
    // 12:00 in Kolkata is 06:30 in UTC.
    expect(texts.find(({ text }) => text === "12:00")?.x).toBeCloseTo(
      MARGIN.left + HALF_PIXEL + (6.5 / 24) * PLOT_WIDTH,
      6,
    );
    expect(find(texts, "peak 0.125 at 2025-07-02 17:30 Asia/Kolkata")).toBeDefined();
    expect(texts.map(({ text }) => text)).toContain("Asia/Kolkata");
  });
});

describe("threshold crossings", () => {
  const dots = async (record: HydratedRecord) => {
    const svg = await renderSvg(episodeSpec(record));
    return svg.split('fill="#d55e00" stroke-width').length - 1;
  };

  test("every slot outside of the band is marked, also outside of the episode, and none inside it", async () => {
    const plain = await dots(hydratedOf());
    const two = context(({ observed }) => ({ observed: observed.map((value, i) => (i === 3 ? 0.09 : value)) }));
    const none = context(({ observed }) => ({
      observed: observed.map(() => 0.025),
      upper: observed.map(() => 0.1),
      lower: observed.map(() => 0),
    }));
    expect([plain, await dots(two), await dots(none)]).toEqual([1, 2, 0]);
  });

  test("without a band the slots of the episode are marked", async () => {
    const bare = context(({ observed }) => ({ lower: nothing(observed), upper: nothing(observed) }));
    expect(await dots(bare)).toBe(1);
  });

  test("the moment of the alert is a line of its own", async () => {
    const line = 'stroke="#b34f00" stroke-dasharray="3,3"';
    expect((await renderSvg(episodeSpec(hydratedOf()))).includes(line)).toBe(true);
    expect((await renderSvg(episodeSpec(hydratedOf({ alerted_at: "2025-06-01T00:00:00Z" })))).includes(line)).toBe(
      false,
    );
  });
});

describe("lines", () => {
  /** The moves of the observed line, recognised by its colour and width. */
  const observedLine = async (record: HydratedRecord) => {
    const svg = await renderSvg(episodeSpec(record));
    return /<path [^>]*d="([^"]*)"[^>]*stroke="#1b1f24" stroke-width="2"/.exec(svg)?.[1] ?? "";
  };

  test("break where a value is missing", async () => {
    const pieces = (path: string) => path.split("M").length - 1;
    expect(pieces(await observedLine(CASES["ordinary"]))).toBe(1);
    expect(pieces(await observedLine(CASES["silence"]))).toBe(2);
  });

  test("a value without neighbours is a point", async () => {
    const circles = (svg: string) =>
      svg.split('fill="#1b1f24" stroke-width').length + svg.split('fill="#1b1f24" opacity').length;
    const gaps = await renderSvg(episodeSpec(CASES["gaps"]));
    const whole = await renderSvg(episodeSpec(CASES["ordinary"]));
    expect(circles(gaps) - circles(whole)).toBe(24);
  });
});

test("two texts in one place would be found", () => {
  const box = { x: 0, left: 0, right: 40, top: 0, bottom: 11 };
  const texts = [
    { ...box, text: "a" },
    { ...box, text: "b", left: 39, right: 60, top: 5, bottom: 16 },
    { ...box, text: "c", left: 41, right: 60, top: 30, bottom: 41 },
  ];
  expect(overlaps(texts)).toEqual(['"a" and "b"']);
});
