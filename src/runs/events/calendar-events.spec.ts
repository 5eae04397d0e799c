import { afterEach, describe, expect, test } from "vitest";
import { InputError } from "../../errors/errors.js";
import { calendarEvents } from "./calendar-events.js";

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const calendar = (...entries: readonly (readonly string[])[]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...entries.flatMap((lines, i) => [
      "BEGIN:VEVENT",
      ...(lines.some((line) => line.startsWith("UID")) ? [] : [`UID:e${i}`]),
      "DTSTAMP:20250101T000000Z",
      ...lines,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");

const spans = async (text: string, from: string, until: string, timezone = "UTC") =>
  (
    await calendarEvents(
      text,
      { name: "c.ics", kind: "holiday", timezone },
      { startMs: Date.parse(from), endMs: Date.parse(until) },
    )
  ).map((event) => `${event.from}/${event.until} ${event.note ?? "-"}`);

describe("calendar entries as events", () => {
  test("a day is a whole day of the zone, on any machine, also where the clock changes", async () => {
    const text = calendar(
      ["DTSTART;VALUE=DATE:20250330", "DTEND;VALUE=DATE:20250331", "SUMMARY:Clocks forward"],
      ["DTSTART;VALUE=DATE:20251225", "DTEND;VALUE=DATE:20251227", "SUMMARY:Christmas"],
      ["DTSTART;VALUE=DATE:20250501", "SUMMARY:No end"],
    );
    for (const machine of ["UTC", "America/Los_Angeles", "Pacific/Auckland", "Europe/Berlin"]) {
      process.env["TZ"] = machine;
      expect(await spans(text, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "Europe/Berlin")).toEqual([
        "2025-03-29T23:00:00Z/2025-03-30T22:00:00Z Clocks forward",
        "2025-12-24T23:00:00Z/2025-12-26T23:00:00Z Christmas",
        "2025-04-30T22:00:00Z/2025-05-01T22:00:00Z No end",
      ]);
    }
  });

  test("what recurs stays at its hour on the wall, without its exceptions and with what was moved", async () => {
    const text = calendar(
      [
        "UID:weekly",
        "DTSTART;TZID=Europe/Berlin:20250318T020000",
        "DTEND;TZID=Europe/Berlin:20250318T040000",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "EXDATE;TZID=Europe/Berlin:20250325T020000",
        "SUMMARY:Backup",
      ],
      [
        "UID:weekly",
        "RECURRENCE-ID;TZID=Europe/Berlin:20250408T020000",
        "DTSTART;TZID=Europe/Berlin:20250409T050000",
        "DTEND;TZID=Europe/Berlin:20250409T060000",
        "SUMMARY:Backup\\, moved",
      ],
    );
    expect(await spans(text, "2025-03-01T00:00:00Z", "2025-05-01T00:00:00Z")).toEqual([
      "2025-03-18T01:00:00Z/2025-03-18T03:00:00Z Backup",
      "2025-04-01T00:00:00Z/2025-04-01T02:00:00Z Backup",
      "2025-04-09T03:00:00Z/2025-04-09T04:00:00Z Backup, moved",
      "2025-04-15T00:00:00Z/2025-04-15T02:00:00Z Backup",
    ]);
    // One that began before the range and is not over.
    expect(await spans(text, "2025-04-01T01:00:00Z", "2025-04-01T01:30:00Z")).toHaveLength(1);
    expect(await spans(text, "2025-04-01T02:00:00Z", "2025-04-02T00:00:00Z")).toEqual([]);
  });

  test("a line of the description says what it concerns; what is cancelled is none", async () => {
    const text = calendar(
      [
        "DTSTART:20250401T000000Z",
        "DTEND:20250401T010000Z",
        "DESCRIPTION:new switches\\nmatch: machine=n2*\\n Match: dc!=eu \\nthanks",
      ],
      ["DTSTART:20250402T000000Z", "DTEND:20250402T010000Z", "STATUS:CANCELLED"],
    );
    const range = { startMs: Date.parse("2025-04-01T00:00:00Z"), endMs: Date.parse("2025-05-01T00:00:00Z") };
    expect(await calendarEvents(text, { name: "c.ics", kind: "maintenance", timezone: "UTC" }, range)).toEqual([
      {
        id: "ical:e0:2025-04-01T00:00:00Z",
        kind: "maintenance",
        matchers: ["machine=n2*", "dc!=eu"],
        from: "2025-04-01T00:00:00Z",
        until: "2025-04-01T01:00:00Z",
        note: null,
      },
    ]);
  });

  test("what is no calendar, or has too many entries, is refused with its name", async () => {
    await expect(spans("<html>login</html>", "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z")).rejects.toThrow(
      InputError,
    );
    const flood = calendar(["DTSTART:20250101T000000Z", "DTEND:20250101T000100Z", "RRULE:FREQ=MINUTELY"]);
    await expect(spans(flood, "2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z")).rejects.toThrow(
      'c.ics: the entry "e0" recurs too often',
    );
  }, 120_000);
});
