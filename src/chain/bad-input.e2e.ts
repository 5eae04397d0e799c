import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { openPlace, type Place } from "./testing/place.js";
import { expectCalm, expectSentence } from "./testing/sentence.js";

const STEP_S = 1200;
const START_S = 1_748_736_000;
const ROWS = 72 * 20;
/** The i-th value, at a moment of the day given in slots. */
const value = (i: number, slot = i) => (1 + 0.5 * Math.sin((2 * Math.PI * slot) / 72) + 0.02 * noise[i]).toFixed(4);
const random = seededRandom(5);
const noise = Array.from({ length: 8 * ROWS }, () => random() - 0.5);

/** Twenty days of one series; `row` may change each line. */
const table = (row: (atS: number, i: number) => string, rows = ROWS) =>
  `Time,n1\n${Array.from({ length: rows }, (_, i) => row(START_S + i * STEP_S, i)).join("\n")}\n`;
const good = table((at, i) => `${at},${value(i)}`);

let place: Place;
beforeAll(async () => {
  place = openPlace();
  const trained = await place.sh("anomaly train data/fleet/history -q");
  expect(trained.status, trained.stderr).toBe(0);
}, 600_000);
afterAll(() => place?.remove());

const put = (name: string, content: string | Uint8Array) => writeFileSync(place.path(name), content);

describe("train refuses in one sentence, and neither makes a model nor touches the one there is", () => {
  test.each<[string, string, string | Uint8Array | undefined, RegExp]>([
    ["a file that is missing", "missing.csv", undefined, /no file missing\.csv/],
    ["an empty file", "empty.csv", "", /empty\.csv is empty; a time column/],
    ["blank lines only", "blank.csv", "\n\n\n", /blank\.csv: it is empty/],
    ["a header only", "header.csv", "Time,n1,n2\n", /header and no rows/],
    ["a program", "program.csv", readFileSync("/bin/sh").subarray(0, 4096), /program\.csv is not text: byte \d+ is/],
    [
      "random bytes that hold no NUL",
      "random.csv",
      Uint8Array.from({ length: 99 }, (_, i) => 1 + ((i * 97) % 255)),
      /is not text/,
    ],
    ["a picture", "picture.csv", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), /is not text/],
    ["a workbook", "book.csv", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), /Excel workbook/],
    ["gzip that is cut off", "cut.csv.gz", gzipSync(good).subarray(0, 2000), /gzip data is cut off/],
    ["gzip that is damaged", "damaged.csv.gz", flipped(gzipSync(good), 500), /gzip data is (damaged|cut off)/],
    ["another delimiter", "pipes.csv", good.replaceAll(",", "|"), /no comma, semicolon or tab/],
    ["a web page", "page.csv", "<!doctype html>\n<html>\n", /no comma, semicolon or tab/],
    ["times of 1970", "old.csv", table((_, i) => `${i * STEP_S},1`), /line 2: no column holds times.*"0".*before 2000/],
    ["text in all values", "words.csv", table((at) => `${at},abc`), /no column holds numbers.*"abc"/],
    ["no value at all", "nulls.csv", table((at) => `${at},`), /nothing to train on: .*no values at all/],
    ["only NaN", "nan.csv", table((at) => `${at},NaN`), /nothing to train on/],
    [
      "one point",
      "one.csv",
      `Time,n1\n${START_S},1\n`,
      /covers 1m, from .* on; at least 72h are needed, which it has from/,
    ],
    ["two days", "short.csv", table((at, i) => `${at},${value(i)}`, 144), /covers 48h|covers 2d/],
  ])("%s", async (_, name, content, says) => {
    if (content !== undefined) put(name, content);
    const before = place.snapshot();
    expectSentence(await place.sh(`anomaly train ${name} -q`), 1, says);
    expect(place.snapshot()).toEqual(before);
  });

  test("one bad file among good ones: the sentence names it", async () => {
    put("nothing.csv", "");
    const before = place.snapshot();
    expectSentence(await place.sh("anomaly train data/fleet/history nothing.csv -q"), 1, /nothing\.csv is empty/);
    expect(place.snapshot()).toEqual(before);
  });
});

describe("train takes what is odd but usable, and says what it made of it", () => {
  const withWords = table((at, i) => `${at},${i % 10 === 7 ? "abc" : value(i)}`);
  const shuffled = good
    .trimEnd()
    .split("\n")
    .slice(1)
    .sort((a, b) => (a.at(-1) ?? "").localeCompare(b.at(-1) ?? ""));
  const mixed = table((at, i) => {
    const atS = i < 720 ? at : START_S + 720 * STEP_S + (i - 720) * 300;
    return `${atS},${value(i, i < 720 ? i : 720 + (i - 720) / 4)}`;
  }, 720 * 5);

  test.each<[string, string, string, RegExp]>([
    ["text in some values", "some-words.csv", withWords, /144 cells refused \(line 9, column n1: "abc"/],
    ["unordered times", "unordered.csv", `Time,n1\n${shuffled.join("\n")}\n`, /rows not in order of time/],
    [
      "duplicate times",
      "twice.csv",
      `${good}${START_S},99\n${START_S + STEP_S},${value(1)}\n`,
      /2 duplicate rows \(1 values? differ/,
    ],
    ["mixed steps", "mixed.csv", mixed, /changes its step: 20m instead of 5m/],
    ["a constant", "constant.csv", table((at) => `${at},5`), /1 series over 20d|1 over 20d/],
  ])("%s", async (_, name, content, says) => {
    put(name, content);
    const trained = await place.sh(`anomaly train ${name} --model odd`);
    expect(trained.status, trained.stderr).toBe(0);
    expect(trained.stderr).toMatch(says);
    expectCalm(trained.stderr);
    const inferred = await place.sh(`anomaly infer ${name} --model odd -o -`);
    expect(inferred.status, inferred.stderr).toBe(0);
    expectCalm(inferred.stderr);
  });
});

describe("a model that cannot be read is one sentence, and nothing is written", () => {
  const spoil: Readonly<Record<string, (path: string) => void>> = {
    "cut off": (path) => truncateSync(path, 5000),
    "cut off in its first bytes": (path) => truncateSync(path, 10),
    empty: (path) => truncateSync(path, 0),
    "with one byte flipped": (path) => writeFileSync(path, flipped(readFileSync(path), 60_000)),
    // Byte 8 is the format's version, little endian.
    "of a newer version": (path) => writeFileSync(path, flipped(readFileSync(path), 8)),
    "that is another file": (path) => copyFileSync("/bin/sh", path),
  };

  test.each<[string, RegExp]>([
    ["cut off", /model\.bin is (cut off|damaged).*restore it or train again/],
    ["cut off in its first bytes", /model\.bin is cut off: it has 10 bytes/],
    ["empty", /model\.bin is (not a model file|cut off)/],
    ["with one byte flipped", /damaged: its checksum does not match/],
    ["of a newer version", /has model format \d+, this program reads up to 2; update anomaly-toolkit/],
    ["that is another file", /is not a model file/],
  ])("%s", async (how, says) => {
    mkdirSync(place.path("models/spoilt"), { recursive: true });
    for (const file of ["model.bin", "manifest.json"]) {
      copyFileSync(place.path(`models/default/${file}`), place.path(`models/spoilt/${file}`));
    }
    spoil[how](place.path("models/spoilt/model.bin"));
    const before = place.snapshot();
    expectSentence(await place.sh("anomaly infer data/fleet --model spoilt -o out/no.ndjson"), 1, says);
    expect(place.snapshot()).toEqual(before);
  });

  test("missing: the sentence names those that are there", async () => {
    const before = place.snapshot();
    const says = /no model "nosuch" in models\/.*default/;
    expectSentence(await place.sh("anomaly infer data/fleet --model nosuch -o out/no.ndjson"), 1, says);
    expect(place.snapshot()).toEqual(before);
  });
});

describe("records that cannot be read", () => {
  const records = async () => {
    const run = await place.sh("anomaly infer data/fleet -q --state-dir state -o -");
    expect(run.status, run.stderr).toBe(0);
    return run.stdout;
  };

  test.each(["hydrate --data data/fleet -o new/h.ndjson", "plot --data data/fleet -o new/pictures"])(
    "anomaly %s names the line that is no record, and writes nothing",
    async (command) => {
      const lines = (await records()).trimEnd().split("\n");
      const bad = [lines[0], lines[1], '{"schema":"anomaly/1",', lines[2]].join("\n");
      const before = place.snapshot();
      expectSentence(await place.sh(`anomaly ${command}`, { stdin: bad }), 1, /line 3 of stdin is not complete JSON/);
      const newer = `${lines[0]}\n${lines[1].replace("anomaly/1", "anomaly/2")}\n`;
      expectSentence(await place.sh(`anomaly ${command}`, { stdin: newer }), 1, /line 2 of stdin.*schema "?anomaly\/2/);
      const field = lines[0].replace(/"score":[^,]+/, '"score":"high"');
      expectSentence(await place.sh(`anomaly ${command}`, { stdin: field }), 1, /line 1 of stdin.*score/);
      expect(place.snapshot()).toEqual(before);
    },
  );

  test("nothing on stdin is a quiet day: no records, no pictures, status 0", async () => {
    const hydrated = await place.sh("anomaly hydrate --data data/fleet -o -", { stdin: "" });
    expect({ ...hydrated, stderr: "" }).toMatchObject({ status: 0, stdout: "" });
    expect(hydrated.stderr).toContain("0 records from stdin");
    const drawn = await place.sh("anomaly plot -o no-pictures", { stdin: "" });
    expect(drawn).toMatchObject({ status: 0, stdout: "" });
    expect(place.files("no-pictures")).toEqual([]);
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] ^= 0x10;
  return copy;
}
