import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM } from "../../plot/testing/chromium.js";
import type { AnomalyRecord } from "../../records/record.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const READ = "r".repeat(20);
const WRITE = "w".repeat(20);

describe("the pages of serve", { timeout: 600_000 }, () => {
  let place: { folder: string; path: string };
  let serve: RunningServe;
  let guarded: RunningServe;
  let worst: AnomalyRecord;

  beforeAll(async () => {
    ensureBuilt();
    place = freshFolder();
    writeFileSync(
      join(place.folder, "anomaly.yaml"),
      'jobs:\n  "live":\n    data: data/fleet/live\n    detector: residual\n    lookback: 4d\n    every: 2s\n',
    );
    writeFileSync(join(place.folder, "credentials"), `token read ${READ}\ntoken write ${WRITE}\n`);
    serve = await startServe(place);
    await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    [worst] = JSON.parse((await serve.get("/api/v1/episodes?severity=high&limit=1")).text).data;
    guarded = await startServe(place, ["--credentials-file", "credentials", "--every", "1h"]);
  }, 600_000);
  afterAll(async () => {
    await serve?.end();
    await guarded?.end();
    if (place !== undefined) rmSync(place.folder, { recursive: true });
  });

  test("the front page says what is wrong without a script, and lets nothing in from elsewhere", async () => {
    const { text, status, headers } = await serve.get("/?days=7");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/,
    );
    expect(text).toContain(`href="/episodes/${worst.id}"`);
    expect(text).toMatch(/<b>live<\/b> ran .* ago, 18 series/);
    expect(text.match(/ (?:src|href)="(?!\/|#)[^"]*"/g)).toBeNull();
    expect((await serve.get("/?days=0")).status).toBe(400);
  });

  test("the stream says when a run has ended", async () => {
    const gone = new AbortController();
    const response = await fetch(`${serve.address}/api/v1/stream`, { signal: gone.signal });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let heard = "";
    const reader = response.body?.getReader();
    while (!/event: run\n.*\n\n/.test(heard)) heard += new TextDecoder().decode((await reader?.read())?.value);
    expect(heard).toContain('event: run\ndata: {"job":"live"}\n\n');
    gone.abort();
  });

  test("an episode has its picture, its points, and the one before it", async () => {
    const { text } = await serve.get(`/episodes/${worst.id}`);
    expect(text).toContain(`src="/episodes/${worst.id}.svg"`);
    const png = await fetch(`${serve.address}/episodes/${worst.id}.png`);
    expect(png.headers.get("content-type")).toBe("image/png");
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    const svg = await serve.get(`/episodes/${worst.id}.svg`);
    expect(svg.text).toMatch(/^<svg/);
    const { data } = JSON.parse((await serve.get(`/api/v1/episodes/${worst.id}/points`)).text);
    const slot = (Date.parse(worst.timestamp) / 1000 - data.start) / data.step_s;
    expect(Number(data.score[slot].toPrecision(6))).toBe(worst.score);
    expect(Number(data.observed[slot].toPrecision(6))).toBe(worst.observed);
    expect(data.lag_24h).toHaveLength(data.observed.length);
    const missing = await serve.get("/episodes/nothing");
    expect([missing.status, JSON.parse(missing.text).error]).toEqual([
      404,
      expect.stringMatching(/there is no episode nothing/),
    ]);
  });

  test("a verdict is kept and shown, from this server's own pages only", async () => {
    const give = (server: RunningServe, verdict: string, headers: Record<string, string>) =>
      fetch(`${server.address}/episodes/${worst.id}/verdict`, {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ verdict }),
        headers,
      });
    expect((await give(serve, "false", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await give(serve, "false", { origin: "https://evil.example.com" })).status).toBe(403);
    expect((await give(serve, "perhaps", {})).status).toBe(400);
    expect((await give(serve, "true", {})).status).toBe(303);
    expect((await give(serve, "false", { "sec-fetch-site": "same-origin" })).status).toBe(303);
    const exported = spawnSync("anomaly", ["verdict", "export"], {
      cwd: place.folder,
      env: { PATH: place.path },
      encoding: "utf8",
    });
    const lines = exported.stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { id: worst.id, job: "live", verdict: "true" },
      { id: worst.id, job: "live", verdict: "false" },
    ]);
    expect((await serve.get(`/episodes/${worst.id}`)).text).toContain('value="false" aria-pressed="true"');
  });

  test("who may only read sees no buttons, and cannot press them", async () => {
    const read = { authorization: `Bearer ${READ}` };
    await eventually(async () => ((await guarded.get("/readyz")).status === 200 ? true : undefined));
    expect((await guarded.get("/")).status).toBe(401);
    const seen = await guarded.get(`/episodes/${worst.id}`, read);
    expect(seen.status).toBe(200);
    expect(seen.text).not.toContain("<form");
    expect((await guarded.get(`/episodes/${worst.id}`, { authorization: `Bearer ${WRITE}` })).text).toContain("<form");
    const pressed = await fetch(`${guarded.address}/episodes/${worst.id}/verdict`, {
      method: "POST",
      body: new URLSearchParams({ verdict: "true" }),
      headers: read,
    });
    expect(pressed.status).toBe(403);
  });

  test.skipIf(CHROMIUM === undefined)(
    "in a browser the chart takes the picture's place (skipped without Chromium)",
    () => {
      const profile = mkdtempSync(join(tmpdir(), "browser-"));
      try {
        const flags = [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          `--user-data-dir=${profile}`,
          "--virtual-time-budget=10000",
        ];
        const dom = execFileSync(CHROMIUM ?? "", [...flags, "--dump-dom", `${serve.address}/episodes/${worst.id}`], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
          timeout: 600_000,
        });
        expect(dom.match(/<canvas/g)).toHaveLength(2);
        expect(dom).not.toContain("<img");
        expect(dom).toMatch(/24 h before/);
      } finally {
        // The browser's last processes may still be putting its profile away.
        rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
      }
    },
  );
});
