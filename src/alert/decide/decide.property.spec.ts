import "../../testing/property-seed.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Severity } from "../../records/record.js";
import type { Problem } from "../problem.js";
import { type AlertState, EMPTY_STATE } from "../state.js";
import { episode, lookAt, testSettings } from "../testing/problems.js";
import { decide } from "./decide.js";
import type { Look } from "./look.js";

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];
const WAIT = 2;
const INTERVAL = 6;
const REPEAT = 25;
const CLOSE = 7;
const settings = testSettings(
  { group_wait: `${WAIT}m`, group_interval: `${INTERVAL}m`, repeat_interval: `${REPEAT}m` },
  { close_after: `${CLOSE}m`, max_age: "1000d" },
);

/** One look at one series: how bad it is (null: not at all), whether it is silenced, and the minutes since the look before. */
const moment = fc.record({
  pause: fc.integer({ min: 1, max: 12 }),
  severity: fc.option(fc.constantFrom(...SEVERITIES), { freq: 2 }),
  isSilenced: fc.boolean(),
});
type Moment = { readonly pause: number; readonly severity: Severity | null; readonly isSilenced: boolean };

/** The looks that these moments are: an episode begins where the series becomes bad, and ends at the last moment at which it was. */
function looksOf(moments: readonly Moment[]): readonly Look[] {
  let minute = 0;
  const periods: { from: number; last: number; severity: Severity; isOpen: boolean }[] = [];
  return moments.map(({ pause, severity, isSilenced }) => {
    minute += pause;
    const current = periods.at(-1);
    if (severity === null) {
      if (current !== undefined) current.isOpen = false;
    } else if (current?.isOpen) {
      current.last = minute;
      current.severity = severity;
    } else periods.push({ from: minute, last: minute, severity, isOpen: true });
    const problems = periods.map(
      ({ from, last, severity: of, isOpen }): Problem =>
        episode("n1", from, { severity: of, ...(!isOpen && { until: last }) }),
    );
    return lookAt(minute, problems, { silenced: new Set(isSilenced ? problems.map(({ id }) => id) : []) });
  });
}

/** What is said at the last of some moments, worked out from all of them as one would by hand. */
function obvious(moments: readonly Moment[]): string[] {
  let minute = 0;
  let log: { stage: string; minute: number; severity: number; members: number }[] = [];
  let begun: number | null = null;
  let closedAt: number | null = null;
  let worst = -1;
  let members = 0;
  let wasBad = false;
  let said: string[] = [];
  for (const { pause, severity, isSilenced } of moments) {
    minute += pause;
    said = [];
    const isBad = severity !== null;
    const finish = () => {
      if (log.length > 0 || !isSilenced) said.push("close");
      begun = null;
      closedAt = null;
      worst = -1;
      members = 0;
      log = [];
    };
    if (begun !== null) {
      if (!isBad && closedAt === null) closedAt = minute;
      if (closedAt !== null && minute - closedAt >= CLOSE) finish();
    }
    if (isBad) {
      if (begun === null) begun = minute;
      closedAt = null;
      if (!wasBad) members++;
      worst = Math.max(worst, SEVERITIES.indexOf(severity));
    }
    wasBad = isBad;
    if (begun === null || isSilenced) continue;
    const last = log.at(-1);
    const say = (stage: string) => {
      said.push(stage);
      log.push({ stage, minute, severity: worst, members });
    };
    if (last === undefined) {
      if (minute - begun >= WAIT) say("open");
    } else if (worst > last.severity || (members > last.members && minute - last.minute >= INTERVAL)) say("update");
    else if (minute - last.minute >= REPEAT) say("repeat");
  }
  return said;
}

test("what is said of one series is what working it out by hand from everything so far gives", () => {
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 40 }), (moments) => {
      let state: AlertState = EMPTY_STATE;
      looksOf(moments).forEach((look, i) => {
        const decision = decide(state, look, settings);
        state = JSON.parse(JSON.stringify(decision.state));
        expect(decision.say.map(({ stage }) => stage)).toEqual(obvious(moments.slice(0, i + 1)));
      });
    }),
    { numRuns: 500 },
  );
});

/** Many series that come and go, on few machines, so that much of it belongs together. */
const crowd = fc.array(
  fc.record({
    machine: fc.integer({ min: 0, max: 5 }),
    aggregator: fc.integer({ min: 0, max: 2 }),
    from: fc.integer({ min: 0, max: 120 }),
    lasts: fc.integer({ min: 1, max: 60 }),
    severity: fc.constantFrom(...SEVERITIES),
  }),
  { maxLength: 25 },
);
const quiet = [{ from: "10:20", until: "10:50", except: "critical" }];

test("no message is said twice, every incident is opened once and closed once, and who looks twice says nothing new", () => {
  const busy = testSettings(
    { group_wait: "1m", group_interval: "3m", quiet },
    { storm: { incidents: 4, window: "10m" } },
  );
  fc.assert(
    fc.property(crowd, (episodes) => {
      let state: AlertState = EMPTY_STATE;
      const ids = new Set<string>();
      const status = new Map<string, string>();
      for (let minute = 0; minute <= 240; minute += 2) {
        const seen = episodes
          .filter(({ from }) => from <= minute)
          .map(({ machine, aggregator, from, lasts, severity }) => {
            const isOver = from + lasts <= minute;
            const name = { aggregator: `a${aggregator}`, severity, ...(isOver && { until: from + lasts }) };
            return episode(`m${machine}`, from, name);
          });
        const look = lookAt(minute, [...new Map(seen.map((one) => [one.id, one])).values()]);
        const decision = decide(state, look, busy);
        state = JSON.parse(JSON.stringify(decision.state));
        expect(decide(state, look, busy).say).toEqual([]);
        for (const { id, stage, incident, digest } of decision.say) {
          const subject = incident ?? digest ?? "";
          expect(ids.has(id)).toBe(false);
          ids.add(id);
          expect([subject, stage, status.get(subject)]).not.toEqual([subject, "open", "open"]);
          expect(status.get(subject)).not.toBe("closed");
          if (stage !== "open" && stage !== "close") expect(status.get(subject)).toBe("open");
          status.set(subject, stage === "close" ? "closed" : "open");
        }
      }
      // Everything was over long before the last look: nothing is left open.
      expect([...status.values()].filter((one) => one !== "closed")).toEqual([]);
      expect(state.incidents.filter(({ closedMs }) => closedMs === null)).toEqual([]);
      const silent = episodes.length > 0 && status.size === 0;
      expect(silent).toBe(false);
    }),
    { numRuns: 60 },
  );
});
