import { expect, test } from "vitest";
import { problemOfRun, problemsOfStatuses } from "../problem.js";
import { type AlertState, EMPTY_STATE } from "../state.js";
import { episode, lookAt, MINUTE, T0, testSettings } from "../testing/problems.js";
import { decide } from "./decide.js";
import type { Look } from "./look.js";

/** Looks one after the other. @returns what each said, as `stage incident-number route`. */
function story(looks: readonly Look[], settings = testSettings(), change = (state: AlertState) => state) {
  let state: AlertState = EMPTY_STATE;
  const numbers = new Map<string, number>();
  const said = looks.map((look) => {
    const decision = decide(state, look, settings);
    // A store keeps it as JSON.
    state = change(JSON.parse(JSON.stringify(decision.state)));
    return decision.say.map(({ stage, incident, digest }) => {
      const id = incident ?? digest ?? "";
      numbers.set(id, numbers.get(id) ?? numbers.size + 1);
      return `${stage} ${digest === null ? "" : "digest "}${numbers.get(id)}`;
    });
  });
  return { said, state };
}

const always = { group_wait: "0s" };

test("an episode is said after group_wait, once, and its end after close_after", () => {
  const open = episode("n1", 0);
  const over = episode("n1", 0, { until: 5 });
  const { said, state } = story([
    lookAt(0, [open]),
    lookAt(0.5, [open]),
    lookAt(1, [open]),
    lookAt(2, [open]),
    lookAt(6, [over]),
    lookAt(15, [over]),
    lookAt(16, [over]),
    lookAt(30, [over]),
  ]);
  expect(said).toEqual([[], [], ["open 1"], [], [], [], ["close 1"], []]);
  expect(state.incidents[0].closedMs).toBe(T0 + 16 * MINUTE);
});

test("what flaps is one incident, and what comes back after it was over is another one", () => {
  const first = episode("n1", 0, { until: 2 });
  const second = episode("n1", 8, { until: 10 });
  const { said } = story(
    [
      lookAt(0, [episode("n1", 0)]),
      lookAt(3, [first]),
      lookAt(8, [first, episode("n1", 8)]),
      lookAt(14, [first, second]),
      lookAt(25, [first, second]),
      lookAt(26, [first, second, episode("n1", 26)]),
    ],
    testSettings(always),
  );
  expect(said).toEqual([["open 1"], [], ["update 1"], [], ["close 1"], ["open 2"]]);
});

test("what came back sooner than close_after is the same incident although nobody looked meanwhile", () => {
  const { said } = story(
    [lookAt(0, [episode("n1", 0)]), lookAt(60, [episode("n1", 0, { until: 50 }), episode("n1", 55)])],
    testSettings(always),
  );
  expect(said).toEqual([["open 1"], ["update 1"]]);
});

test("a severity that rises is said at once, one that falls is not, and new members wait group_interval", () => {
  const at = (severity: "low" | "high" | "critical") => episode("n1", 0, { severity });
  const other = episode("n1", 1, { aggregator: "b", severity: "low" });
  const { said } = story(
    [
      lookAt(0, [at("low")]),
      lookAt(1, [at("high")]),
      lookAt(2, [at("low")]),
      lookAt(3, [at("low"), other]),
      lookAt(5, [at("low"), other]),
      lookAt(6, [at("low"), other]),
      lookAt(7, [at("critical"), other]),
    ],
    testSettings(always),
  );
  expect(said).toEqual([["open 1"], ["update 1"], [], [], [], ["update 1"], ["update 1"]]);
});

test("what stays open is repeated after repeat_interval, and no more once somebody is at it", () => {
  const open = episode("n1", 0);
  const looks = [0, 120, 240, 300, 480, 720].map((minute) => lookAt(minute, [open]));
  expect(story(looks, testSettings(always)).said).toEqual([
    ["open 1"],
    [],
    ["repeat 1"],
    [],
    ["repeat 1"],
    ["repeat 1"],
  ]);
  const acknowledged = (state: AlertState): AlertState => ({
    ...state,
    incidents: state.incidents.map((one) => ({ ...one, ack: { atMs: T0, by: "ann" } })),
  });
  expect(story(looks, testSettings(always), acknowledged).said.flat()).toEqual(["open 1"]);
});

test("what nobody acknowledges is escalated once, to those receivers, who hear of its end too", () => {
  const settings = testSettings({ ...always, escalate: { after: "15m", receivers: ["boss"] } });
  let state: AlertState = EMPTY_STATE;
  const receivers = [0, 14, 15, 30].map((minute) => {
    const decision = decide(state, lookAt(minute, [episode("n1", 0)]), settings);
    state = decision.state;
    return decision.say.map((say) => `${say.stage} ${say.receivers.join(",")}`);
  });
  const over = [40, 55].map((minute) => {
    const decision = decide(state, lookAt(minute, [episode("n1", 0, { until: 35 })]), settings);
    state = decision.state;
    return decision.say.map((say) => `${say.stage} ${say.receivers.join(",")}`);
  });
  expect([...receivers, ...over]).toEqual([["open hook"], [], ["escalation boss"], [], [], ["close hook,boss"]]);
});

test("episodes of one machine that begin together are one message, on many machines too, and those said apart become one", () => {
  const alone = [episode("n1", 0), episode("n1", 1, { aggregator: "b" })];
  expect(story([lookAt(2, alone)], testSettings(always)).said).toEqual([["open 1"]]);
  const fleet = Array.from({ length: 30 }, (_, i) => episode(`m${i}`, 0));
  expect(story([lookAt(2, fleet)], testSettings(always)).said).toEqual([["open 1"]]);
  const same = (machine: string) => episode(machine, 0, { aggregator: "shared" });
  const { said, state } = story(
    [lookAt(0, [same("a")]), lookAt(1, [same("a"), same("b")]), lookAt(6, [same("a"), same("b"), same("c")])],
    testSettings(always),
  );
  expect(said).toEqual([["open 1"], ["open 2"], ["update 1", "close 2"]]);
  expect(state.incidents.map(({ members, mergedInto }) => [members.length, mergedInto === null])).toEqual([
    [3, true],
    [1, false],
  ]);
});

test("more incidents than a storm has are one digest, which is edited and closed", () => {
  const settings = testSettings(always, { storm: { incidents: 3, window: "10m" } });
  // Far apart in kind of metric, so that nothing else makes them one.
  const some = (n: number, until?: number) =>
    Array.from({ length: n }, (_, i) => episode(`m${i}`, 7 * i, { step_s: 60 + i, ...(until && { until }) }));
  const { said } = story(
    [
      lookAt(40, some(2)),
      lookAt(41, some(6)),
      lookAt(42, some(7)),
      lookAt(47, some(7)),
      lookAt(80, some(7, 79)),
      lookAt(91, some(7, 79)),
    ],
    settings,
  );
  expect(said).toEqual([
    ["open 1", "open 2"],
    ["open digest 3"],
    [],
    ["update digest 3"],
    [],
    ["close 1", "close 2", "close digest 3"],
  ]);
});

test("quiet hours hold messages back and a digest follows; what is bad enough is said all the same", () => {
  const quiet = [{ from: "09:00", until: "12:00", except: "critical" }];
  const settings = testSettings({ ...always, quiet });
  const three = [episode("n1", 0), episode("n2", 20, { until: 30 }), episode("n3", 40, { severity: "critical" })];
  const { said } = story(
    [
      lookAt(1, three.slice(0, 1)),
      lookAt(31, three.slice(0, 2)),
      lookAt(60, three),
      lookAt(119, three),
      lookAt(120, three),
    ],
    settings,
  );
  expect(said).toEqual([[], [], ["open 1"], [], ["open digest 2"]]);
});

test("what was held back is said at once when it gets bad enough for quiet hours", () => {
  const settings = testSettings({ ...always, quiet: [{ from: "09:00", until: "12:00", except: "critical" }] });
  const at = (severity: "low" | "critical") => [episode("n1", 0, { severity })];
  const { said } = story([lookAt(1, at("low")), lookAt(5, at("critical")), lookAt(121, at("low"))], settings);
  expect(said).toEqual([[], ["open 1"], []]);
});

test("one thing that quiet hours held back needs no digest", () => {
  const settings = testSettings({ ...always, quiet: [{ from: "09:00", until: "12:00" }] });
  const { said } = story([lookAt(1, [episode("n1", 0)]), lookAt(121, [episode("n1", 0)])], settings);
  expect(said).toEqual([[], ["open 1"]]);
});

test("what is silenced is not said, is said when the silence ends, and its end only if it was said", () => {
  const open = episode("n1", 0);
  const silenced = { silenced: new Set([open.id]) };
  const settings = testSettings(always);
  expect(story([lookAt(0, [open], silenced), lookAt(5, [open])], settings).said).toEqual([[], ["open 1"]]);
  const over = episode("n1", 0, { until: 5 });
  expect(
    story(
      [lookAt(0, [open], silenced), lookAt(6, [over], silenced), lookAt(30, [over], silenced)],
      settings,
    ).said.flat(),
  ).toEqual([]);
  expect(
    story([lookAt(0, [open]), lookAt(6, [over], silenced), lookAt(30, [over], silenced)], settings).said.flat(),
  ).toEqual(["open 1", "close 1"]);
});

test("what was over long ago is not said, what has just ended is said as over, and neither a second time", () => {
  const old = episode("n1", -600, { until: -590 });
  const late = episode("n2", -40, { until: -30 });
  const looks = [0, 5, 50, 700].map((minute) => lookAt(minute, [old, late]));
  expect(story(looks, testSettings(always)).said).toEqual([["close 1"], [], [], []]);
});

test("stale series and failed runs are said on routes that name the status, and are over when a run no longer finds them", () => {
  const stale = problemsOfStatuses(
    ["a", "b"].map((machine) => ({
      machine,
      aggregator: "x",
      series: `${machine}.x`,
      labels: { machine, aggregator: "x" },
      state: "stale" as const,
      reason: "last value 2h ago",
    })),
    "web",
    T0,
  );
  const failed = problemOfRun("web", "graphite refused the connection", T0);
  const looks = [
    lookAt(0, [...stale, failed]),
    lookAt(20, [], { coveredJobs: [] }),
    lookAt(21, [], { coveredJobs: ["web"] }),
    lookAt(31, [], { coveredJobs: ["web"] }),
  ];
  expect(story(looks, testSettings(always)).said.flat()).toEqual([]);
  const named = testSettings({ ...always, match: ["status=~stale|run_failed"] });
  expect(story(looks, named).said).toEqual([["open 1", "open 2"], [], [], ["close 1", "close 2"]]);
});

test("the first route that matches takes it, and further ones where it says so", () => {
  const receivers = ["hook"];
  const settings = testSettings(
    {},
    {
      routes: [
        { name: "bad", match: ["severity=~high|critical"], receivers, continue: true, ...always },
        { name: "n1", match: ["machine=n1"], receivers, ...always },
        { name: "rest", receivers, ...always },
      ],
    },
  );
  const routes = (severity: "low" | "high", machine: string) =>
    decide(EMPTY_STATE, lookAt(0, [episode(machine, 0, { severity })]), settings).say.map(({ route }) => route);
  expect([routes("high", "n1"), routes("low", "n1"), routes("low", "n2"), routes("high", "n2")]).toEqual([
    ["bad", "n1"],
    ["n1"],
    ["rest"],
    ["bad", "rest"],
  ]);
});
