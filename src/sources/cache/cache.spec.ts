/* Longer than most: the promises of the cache share one folder and one counting source a test. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Series, TimeRange } from "../../series/series.js";
import { slice } from "../../series/slice.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import type { SeriesSource, Target, TargetProblem } from "../source.js";
import { cacheId, clearCache, listCache, openCache } from "./cache-folder.js";
import { packColumn, unpackColumn } from "./column.js";
import { fetchHistory } from "./fetch-history.js";
import { joinPieces } from "./join-pieces.js";
import { decodePiece, encodePiece } from "./piece-file.js";
import { monthBounds, uncovered } from "./uncovered.js";

const at = (text: string) => Date.parse(`${text}Z`);
const target = (expression: string): Target => ({ expression, labels: {} });
const made = (name: string, startMs: number, stepMs: number, values: readonly number[]): Series => ({
  name,
  labels: { machine: name, aggregator: "a" },
  startMs,
  stepMs,
  values: Float64Array.from(values),
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anomaly-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("columns and pieces", () => {
  test("a column comes back to the bit, whatever it holds", () => {
    fc.assert(
      fc.property(fc.float64Array({ maxLength: 200 }), (values) => {
        const back = unpackColumn(packColumn(values), values.length);
        expect(back.length).toBe(values.length);
        expect(values.every((value, i) => Object.is(back[i], value))).toBe(true);
      }),
    );
  });

  test("a day of a metric at one minute takes less than half of its doubles", () => {
    const values = Float64Array.from({ length: 1440 }, (_, i) => Math.round(1000 * Math.sin(i / 100)) / 10);
    expect(packColumn(values).length).toBeLessThan(1440 * 4);
  });

  const piece = {
    range: { startMs: 0, endMs: DAY_MS },
    targets: [target("a.*"), { expression: "b", labels: { machine: "b" } }],
    series: [made("a.1", 0, HOUR_MS, [1, Number.NaN, 3]), { ...made("b", HOUR_MS, HOUR_MS, [-0]), unit: "ratio" }],
  };

  test("a piece comes back whole", () => {
    const { range, targets, columns } = decodePiece(Buffer.from(encodePiece(piece)), "x.piece");
    expect({ range, targets, series: columns.map(({ unpack }) => unpack()) }).toEqual(piece);
  });

  test("any byte that is another one, and any end that is missing, is refused with the file's name", () => {
    const bytes = Buffer.from(encodePiece(piece));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (i, by) => {
        const flipped = Buffer.from(bytes);
        flipped[i] ^= by;
        expect(() => decodePiece(flipped, "x.piece")).toThrow(/^x\.piece is not a readable piece/);
        expect(() => decodePiece(bytes.subarray(0, i), "x.piece")).toThrow(/^x\.piece is not a readable piece/);
      }),
    );
  });
});

describe("what is not covered", () => {
  test("is what slow counting says: every hour of every target that no piece has, once", () => {
    const span = fc.tuple(fc.nat(48), fc.integer({ min: 1, max: 30 })).map(([from, length]) => ({
      startMs: from * HOUR_MS,
      endMs: (from + length) * HOUR_MS,
    }));
    const names = ["a", "b", "c"];
    const pieces = fc.array(fc.record({ range: span, targets: fc.subarray(names).map((list) => list.map(target)) }));
    fc.assert(
      fc.property(span, pieces, fc.subarray([12, 24, 36]), (range, known, bounds) => {
        const gaps = uncovered(
          names.map(target),
          range,
          known,
          bounds.map((hour) => hour * HOUR_MS),
        );
        for (const name of names) {
          for (let hour = 0; hour < 80; hour++) {
            const holds = (one: TimeRange) => one.startMs <= hour * HOUR_MS && hour * HOUR_MS < one.endMs;
            const has = ({ range: own, targets }: { range: TimeRange; targets: readonly Target[] }) =>
              holds(own) && targets.some(({ expression }) => expression === name);
            expect(gaps.filter(has).length).toBe(holds(range) && !known.some(has) ? 1 : 0);
          }
        }
        for (const { range: own } of gaps) {
          expect(bounds.some((hour) => own.startMs < hour * HOUR_MS && hour * HOUR_MS < own.endMs)).toBe(false);
        }
      }),
    );
  });

  test("months begin at midnight UTC of their first day", () => {
    const range = { startMs: at("2024-12-31T23:00:00"), endMs: at("2025-03-01T00:00:00") };
    expect(monthBounds(range)).toEqual([at("2025-01-01T00:00:00"), at("2025-02-01T00:00:00")]);
  });
});

/** A server that holds hourly series from June on, counts what it is asked, and can fail a target. */
function server(options: { readonly fails?: string; readonly stepMs?: (range: TimeRange) => number } = {}) {
  const asked: string[] = [];
  const source: SeriesSource = {
    kind: "test",
    async fetch({ targets }, range) {
      const day = (ms: number) => new Date(ms).toISOString().slice(5, 16);
      asked.push(`${targets.map(({ expression }) => expression).join("+")} ${day(range.startMs)} ${day(range.endMs)}`);
      const stepMs = options.stepMs?.(range) ?? HOUR_MS;
      const problems = targets
        .filter(({ expression }) => expression === options.fails)
        .map((one): TargetProblem => ({ target: one, kind: "failed", reason: "boom" }));
      const series = targets.flatMap(({ expression }) => {
        if (expression === options.fails) return [];
        const startMs = at("2025-06-01T00:00:00");
        const values = Array.from({ length: (100 * DAY_MS) / stepMs }, (_, i) => (i * stepMs) / HOUR_MS);
        return [slice(made(expression, startMs, stepMs, values), range)];
      });
      return { series, problems, notes: [] };
    },
  };
  return { asked, source };
}

const question = { source: "Test at t/", asked: "a", settings: { step: null } };
const range = (from: string, until: string) => ({ startMs: at(`2025-${from}:00`), endMs: at(`2025-${until}:00`) });
const query = { targets: [target("a"), target("b")] };

describe("history from a server", () => {
  test("comes month by month, is kept, and only missing edges are requested", async () => {
    const { asked, source } = server();
    const cache = () => openCache(folder, question);
    await fetchHistory(source, query, range("06-20T00:00", "08-05T00:00"), cache());
    expect(asked.splice(0)).toEqual([
      "a+b 06-20T00:00 07-01T00:00",
      "a+b 07-01T00:00 08-01T00:00",
      "a+b 08-01T00:00 08-05T00:00",
    ]);
    const longer = await fetchHistory(source, query, range("06-15T00:00", "08-07T06:00"), cache());
    expect(asked.splice(0)).toEqual(["a+b 06-15T00:00 06-20T00:00", "a+b 08-05T00:00 08-07T06:00"]);
    const series: Series[] = [];
    joinPieces(longer.pieces, (one) => series.push(one));
    const direct = await source.fetch(query, range("06-15T00:00", "08-07T06:00"));
    expect(series).toEqual(direct.series);
    asked.length = 0;
    await fetchHistory(
      source,
      { targets: [...query.targets, target("c")] },
      range("07-01T00:00", "08-01T00:00"),
      cache(),
    );
    expect(asked).toEqual(["c 07-01T00:00 08-01T00:00"]);
  });

  test("what was there before the run was ended is not requested again", async () => {
    const { asked, source } = server();
    let months = 0;
    const dying: SeriesSource = {
      ...source,
      fetch: (...request) => {
        if (months++ === 2) throw new Error("killed");
        return source.fetch(...request);
      },
    };
    const whole = range("06-01T00:00", "09-01T00:00");
    await expect(fetchHistory(dying, query, whole, openCache(folder, question))).rejects.toThrow("killed");
    asked.length = 0;
    await fetchHistory(source, query, whole, openCache(folder, question));
    expect(asked).toEqual(["a+b 08-01T00:00 09-01T00:00"]);
  });

  test("a target that failed is reported, and requested again alone", async () => {
    const broken = server({ fails: "b" });
    const month = range("07-01T00:00", "08-01T00:00");
    const first = await fetchHistory(broken.source, query, month, openCache(folder, question));
    expect(first.failures.map(({ target: { expression }, reason }) => [expression, reason])).toEqual([["b", "boom"]]);
    const { asked, source } = server();
    await fetchHistory(source, query, month, openCache(folder, question));
    expect(asked).toEqual(["b 07-01T00:00 08-01T00:00"]);
  });

  test("a slot that is not over is left out, and is requested with the next edge", async () => {
    const { asked, source } = server();
    const cache = openCache(folder, question);
    const first = await fetchHistory(source, query, range("07-01T00:00", "07-02T00:30"), cache);
    expect(first.pieces[0].range).toEqual(range("07-01T00:00", "07-02T00:00"));
    expect(first.pieces[0].columns[0].length).toBe(24);
    asked.length = 0;
    await fetchHistory(source, query, range("07-01T00:00", "07-02T03:00"), cache);
    expect(asked).toEqual(["a+b 07-02T00:00 07-02T03:00"]);
  });

  test("a damaged piece is reported, removed and fetched again", async () => {
    const { asked, source } = server();
    const month = range("07-01T00:00", "08-01T00:00");
    await fetchHistory(source, query, month, openCache(folder, question));
    const home = join(folder, cacheId(question));
    const [name] = readdirSync(home).filter((file) => file.endsWith(".piece"));
    const bytes = readFileSync(join(home, name));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(home, name), bytes);
    asked.length = 0;
    const { notes } = await fetchHistory(source, query, month, openCache(folder, question));
    expect(asked).toHaveLength(1);
    expect(notes).toEqual([expect.stringMatching(/checksum does not match; it is fetched again$/)]);
  });

  test("archives that get coarser with age are averaged to one step, and a note names both steps and the moment", async () => {
    const july = at("2025-07-01T00:00:00");
    const { source } = server({ stepMs: ({ startMs }) => (startMs < july ? 6 * HOUR_MS : HOUR_MS) });
    const fetched = await fetchHistory(source, query, range("06-01T00:00", "08-01T00:00"), undefined);
    const series: Series[] = [];
    const { stepMs, notes } = joinPieces(fetched.pieces, (one) => series.push(one));
    expect([stepMs, series[0].values.length]).toEqual([6 * HOUR_MS, 61 * 4]);
    // June as it is; of July the mean of six hours, which is 2.5 more than the first of them.
    expect([series[0].values[0], series[0].values[1], series[0].values[30 * 4]]).toEqual([0, 6, 30 * 24 + 2.5]);
    expect(notes).toEqual([
      "2 series, such as a, have steps of 6h, then 1h from 2025-07-01T00:00:00Z, as archives that get coarser with age do; all is averaged to 6h; --from 2025-07-01T00:00:00Z keeps the finer step",
    ]);
  });

  test("a series coarser than most is left out with the reason", async () => {
    const pieces = [made("a", 0, HOUR_MS, [1]), made("b", 0, HOUR_MS, [1]), made("c", 0, DAY_MS, [1])].map((series) =>
      decodePiece(
        Buffer.from(encodePiece({ range: { startMs: 0, endMs: DAY_MS }, targets: [], series: [series] })),
        "x",
      ),
    );
    const { leftOut } = joinPieces(pieces, () => {});
    expect(leftOut.map(({ name, reason }) => [name, reason])).toEqual([
      ["c", "its step is 24h, that of most series 1h; --step sets another"],
    ]);
  });
});

test("the cache is listed by question, and cleared one by one or whole", async () => {
  const { source } = server();
  const other = { ...question, asked: "b" };
  for (const one of [question, other]) {
    await fetchHistory(source, query, range("07-01T00:00", "08-01T00:00"), openCache(folder, one));
  }
  expect(
    listCache(folder)
      .map(({ id, pieces }) => [id, pieces])
      .sort(),
  ).toEqual([cacheId(question), cacheId(other)].map((id) => [id, 1]).sort());
  expect(clearCache(folder, cacheId(other)).map(({ id }) => id)).toEqual([cacheId(other)]);
  expect(listCache(folder).map(({ id }) => id)).toEqual([cacheId(question)]);
  clearCache(folder);
  expect(listCache(folder)).toEqual([]);
  expect(listCache(join(folder, "nowhere"))).toEqual([]);
});
