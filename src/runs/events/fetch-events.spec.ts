import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { matchesAll, parseMatchers } from "../../records/matcher.js";
import { fetchEvents } from "./fetch-events.js";

const AT = Date.parse("2025-07-01T10:00:00Z");
const RANGE = { startMs: AT, endMs: AT + 3_600_000 };
const iso = (minute: number) => new Date(AT + minute * 60_000).toISOString();
const short = (minute: number) => iso(minute).replace(".000Z", "Z");
const ICS =
  "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:e\r\nDTSTART:20250701T100000Z\r\nDTEND:20250701T103000Z\r\nSUMMARY:From afar\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

let server: Server;
let url: string;
let folder: string;
const asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
const answers: Record<string, unknown> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "events-"));
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", authorization: request.headers.authorization });
    const { pathname } = new URL(request.url ?? "", "http://x");
    const answer = answers[pathname];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer ?? { message: "no" }));
  }).listen(0, "127.0.0.1");
  await new Promise((up) => server.once("listening", up));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function fetched(sources: Partial<Parameters<typeof fetchEvents>[0]>) {
  const warnings: string[] = [];
  const events = await fetchEvents({ calendars: [], annotations: [], timezone: "UTC", ...sources }, RANGE, {
    env: { GRAFANA_SERVICE_ACCOUNT_TOKEN: "glsa_of_the_test" },
    warn: (message) => warnings.push(message),
    signal: new AbortController().signal,
  });
  return { events, warnings };
}

test("calendars come from files and addresses; one that is not there is said without its secret path, and the others count", async () => {
  answers["/secret-path/cal.ics"] = ICS;
  const file = join(folder, "own.ics");
  writeFileSync(file, ICS.replace("From afar", "Own"));
  const { events, warnings } = await fetched({
    calendars: [
      { kind: "maintenance", place: `${url}/gone-secret-path/cal.ics` },
      { kind: "maintenance", place: `${url}/secret-path/cal.ics` },
      { kind: "holiday", place: file },
      { kind: "holiday", place: join(folder, "gone.ics") },
    ],
  });
  expect(events.map(({ kind, note }) => [kind, note])).toEqual([
    ["maintenance", "From afar"],
    ["holiday", "Own"],
  ]);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(/^the events of the calendar at 127\.0\.0\.1:\d+ are missing: /);
  expect(warnings[1]).toBe(`the events of ${join(folder, "gone.ics")} are missing: it cannot be read; check the path`);
  expect(warnings.join()).not.toContain("secret-path");
});

test("annotations are found by their tag; a mark without an end lasts an hour, and tags say what they concern", async () => {
  answers["/api/annotations"] = [
    { id: 1, time: AT - 240_000, timeEnd: AT - 240_000, tags: ["release", "machine=n2*"], text: "<b>web-1.42</b> out" },
    { id: 2, time: AT - 7_200_000, timeEnd: AT - 7_200_000, tags: ["release"], text: "long ago" },
    { id: 3, time: AT - 7_200_000, timeEnd: AT + 60_000, tags: ["release"], text: "" },
  ];
  const { events, warnings } = await fetched({ annotations: [{ kind: "deploy", tag: "release" }], grafanaUrl: url });
  expect(warnings).toEqual([]);
  expect(events).toEqual([
    {
      id: "grafana:1",
      kind: "deploy",
      matchers: ["machine=n2*"],
      from: short(-4),
      until: short(56),
      note: "web-1.42 out",
    },
    { id: "grafana:3", kind: "deploy", matchers: [], from: short(-120), until: short(1), note: null },
  ]);
  const last = asked.at(-1);
  expect(last?.authorization).toBe("Bearer glsa_of_the_test");
  expect(new URL(last?.path ?? "", url).searchParams.getAll("tags")).toEqual(["release"]);
});

test("silences of Alertmanager are maintenances of what their matchers mean, read literally or as regular expressions", async () => {
  const silence = (id: string, matchers: readonly unknown[], startsAt = iso(-5), endsAt = iso(5)) => ({
    ...{ id, matchers, startsAt, endsAt, comment: "disk", status: { state: "active" } },
  });
  const matcher = (name: string, value: string, isRegex: boolean, isEqual?: boolean) => ({
    name,
    value,
    isRegex,
    isEqual,
  });
  answers["/api/v2/silences"] = [
    silence("a", [
      matcher("machine", "n*1", false),
      matcher("dc", "eu|us", true),
      matcher("rack", "r1", false, false),
      matcher("os", "win.*", true, false),
    ]),
    silence("b", [matcher("alertname", "X", false)]),
    silence("over", [], iso(-9), iso(0)),
    silence("broken", [matcher("machine", "(", true)]),
  ];
  const { events, warnings } = await fetched({ alertmanagerUrl: url });
  expect(events.map(({ id, kind, note }) => [id, kind, note])).toEqual([
    ["alertmanager:a", "maintenance", "disk"],
    ["alertmanager:b", "maintenance", "disk"],
  ]);
  expect(warnings).toEqual([
    expect.stringMatching(/^alertmanager:broken of Alertmanager is left out: .* holds no regular expression/),
  ]);
  const concerns = (labels: Record<string, string>) =>
    events.map(({ matchers }) => matchesAll(parseMatchers(matchers), { labels }));
  expect(concerns({ machine: "n*1", dc: "us", rack: "r2", os: "linux" })).toEqual([true, false]);
  expect(concerns({ machine: "nx1", dc: "us", rack: "r2", os: "linux" })).toEqual([false, false]);
  expect(concerns({ machine: "n*1", dc: "us", rack: "r2", os: "windows" })).toEqual([false, false]);
  expect(concerns({ machine: "n*1", dc: "eus", rack: "r2" })).toEqual([false, false]);
});
