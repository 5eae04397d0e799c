import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnomalyError, SourceError } from "../errors/errors.js";
import { createHttp, type Http, type HttpOptions } from "../http/http.js";
import { createGrafanaSource } from "./grafana/source.js";
import { createGraphiteSource } from "./graphite/source.js";
import type { FetchResult } from "./source.js";
import { type FaultyProxy, PROXY_FAULTS, type ProxyFault, startFaultyProxy } from "./testing/faulty-proxy.js";
import { expectedValue, type FaultyServer, type ServerFault, startFaultyServer } from "./testing/faulty-server.js";

const SECRET = "s3cret-token-of-the-tests";
/** Hundreds of silent servers are waited for; whatever is late is a failure, which every promise below allows for. */
const HASTY = { timeoutMs: 200, runDeadlineMs: 1500 };
/** Where answers must come: what is late on a busy machine is no failure. */
const PATIENT = { timeoutMs: 60_000, runDeadlineMs: 240_000 };
const CASES = 500;
/** Each fault may cost its tries and the splits after it, each target its own request and halves of it; a storm has thousands. */
const MOST_REQUESTS = 100;
const startMs = Date.UTC(2025, 6, 1);
const range = { startMs, endMs: startMs + 30 * 60_000 };

const kinds = [
  ...["ok", "gzip", "bad_gzip", "html", "wrong_type", "html_error", "empty", "text", "hang", "reset", "reset_mid_body"],
  ...[
    "short",
    "cut_json",
    "not_a_list",
    "null_series",
    "unordered",
    "duplicates",
    "odd_values",
    "redirect_away",
    "slow_loris",
    "endless",
    "bomb",
    "reflect",
    "reflect_text",
    "reflect_in_frames",
  ],
] as const;
const fault: fc.Arbitrary<ServerFault> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...kinds).map((kind) => ({ kind }) as ServerFault) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("status" as const),
      status: fc.constantFrom(400, 401, 403, 404, 408, 413, 422, 429, 500, 501, 502, 503, 504, 302, 204),
      retryAfter: fc.constantFrom(undefined, "0", "1", "3600", "soon", "-5", "Tue, 01 Jul 2025 00:00:00 GMT"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("latency" as const), ms: fc.integer({ min: 0, max: 250 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("clock_skew" as const), seconds: fc.integer({ min: -1e6, max: 1e6 }) }),
  },
);
const scripts = fc.record({
  faults: fc.array(fault, { minLength: 1, maxLength: 8 }),
  targets: fc.integer({ min: 1, max: 9 }),
  perRequest: fc.integer({ min: 1, max: 4 }),
  concurrency: fc.integer({ min: 1, max: 3 }),
  behindGrafana: fc.boolean(),
  /** Absent: no proxy on the way. */
  proxy: fc.option(fc.array(fc.constantFrom(...PROXY_FAULTS), { minLength: 1, maxLength: 5 }), { nil: undefined }),
});

let server: FaultyServer;
let proxy: FaultyProxy;
beforeAll(async () => {
  server = await startFaultyServer();
  proxy = await startFaultyProxy();
});
afterAll(async () => {
  await server.stop();
  await proxy.stop();
});

/** A client whose proxy the environment names while it is made. */
function clientBehind(address: string | undefined, options: HttpOptions): Http {
  const before = { ...process.env };
  for (const name of ["HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]) delete process.env[name];
  if (address !== undefined) process.env["HTTP_PROXY"] = address;
  try {
    return createHttp(options);
  } finally {
    process.env = before;
  }
}

interface Outcome {
  readonly result?: FetchResult;
  readonly error?: unknown;
  readonly requests: number;
  readonly tunnels: number;
}

async function run(
  faults: readonly ServerFault[],
  names: readonly string[],
  {
    perRequest,
    concurrency,
    behindGrafana = false,
    proxy: tunnels,
    patience = HASTY,
  }: {
    perRequest: number;
    concurrency: number;
    behindGrafana?: boolean;
    proxy?: readonly ProxyFault[];
    patience?: typeof HASTY;
  },
) {
  server.script(faults);
  proxy.script(tunnels ?? []);
  const http = clientBehind(tunnels === undefined ? undefined : proxy.url, {
    ...patience,
    retry: { retries: 2, baseMs: 1, longestMs: 5 },
    maxResponseBytes: 1 << 20,
    maxRunBytes: 20 << 20,
  });
  const asking = { url: server.url, http, maxTargetsPerRequest: perRequest, concurrency };
  const source = behindGrafana
    ? createGrafanaSource({ ...asking, datasourceUid: "graphite-1", token: SECRET })
    : createGraphiteSource({ ...asking, auth: { kind: "bearer", token: SECRET } });
  const [askedBefore, tunnelsBefore] = [server.answered(), proxy.asked()];
  const outcome: Pick<Outcome, "result" | "error"> = await source
    .fetch({ targets: names.map((expression) => ({ expression, labels: {} })), stepMs: 60_000 }, range)
    .then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
  await http.close();
  return {
    ...outcome,
    requests: server.answered() - askedBefore,
    tunnels: proxy.asked() - tunnelsBefore,
  };
}

/** All texts that a person could come to see, causes too. */
function textsOf({ result, error }: Outcome): string {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(`${cause.message}\n${cause.stack}`);
  return JSON.stringify([
    result?.problems,
    result?.notes,
    result?.series.map(({ name, labels }) => [name, labels]),
    causes,
  ]);
}

describe(`${CASES} scripts of faults, drawn at random`, () => {
  test("none hangs, none crashes, no series is lost or wrong, and no secret shows", {
    timeout: 1_200_000,
  }, async () => {
    let cases = 0;
    let whole = 0;
    let partial = 0;
    await fc.assert(
      fc.asyncProperty(scripts, async ({ faults, targets, ...asking }) => {
        const names = Array.from({ length: targets }, (_, i) => `fleet.${"n".repeat(i + 1)}.lag`);
        const outcome = await run(faults, names, asking);
        cases++;
        expect(textsOf(outcome)).not.toContain(SECRET);
        // Inside JSON a control character would stand as \\u001b, so that a doubled backslash is the only one that may be there.
        expect(textsOf(outcome)).not.toMatch(/(?<!\\)\\u00[01]|[\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
        expect(outcome.requests).toBeLessThan(MOST_REQUESTS);
        expect(outcome.tunnels).toBeLessThan(MOST_REQUESTS);
        const { result, error } = outcome;
        if (result === undefined) {
          // One sentence of ours, and nothing else.
          expect(error).toBeInstanceOf(SourceError);
          expect((error as AnomalyError).message).not.toContain("\n");
          whole++;
          return;
        }
        // Every target ends in a series or in a problem, and in exactly one of them.
        const ended = [...result.series.map(({ name }) => name), ...result.problems.map((p) => p.target.expression)];
        expect(ended.sort()).toEqual([...names].sort());
        // The server has data for whatever is asked: what is not there has failed, and is never said to hold no data.
        expect(result.problems.filter(({ kind }) => kind !== "failed")).toEqual([]);
        if (result.problems.length > 0) partial++;
        for (const series of result.series) {
          series.values.forEach((value, i) => {
            const slot = (series.startMs / 60_000 + i) % 1440;
            if (!Number.isNaN(value)) expect(value).toBe(expectedValue(series.name, slot));
          });
          const there = series.values.filter((value) => !Number.isNaN(value)).length;
          const odd = faults.some(({ kind }) => kind === "odd_values");
          if (!odd) expect(there).toBe(30);
        }
      }),
      { numRuns: CASES, seed: 20_250_701, endOnFailure: true },
    );
    expect(cases).toBe(CASES);
    // The draw has held all three ends, or it would prove little.
    expect(Math.min(whole, partial, cases - whole - partial)).toBeGreaterThan(10);
  });

  test("50 MB where 1 MB is taken is refused without being read, and the rest comes", async () => {
    const names = ["fleet.a.lag", "fleet.bb.lag"];
    const outcome = await run([{ kind: "huge", megabytes: 50 }], names, {
      perRequest: 2,
      concurrency: 1,
      patience: PATIENT,
    });
    expect(outcome.result?.series.map(({ name }) => name)).toEqual(names);
  });

  test.each(["endless", "bomb", "cut_json", "reflect_text"] as const)(
    "a server that only answers %s gets a few requests, whatever is asked",
    async (kind) => {
      const names = ["fleet.a.lag", "fleet.bb.lag", "fleet.ccc.lag"];
      const always = Array.from({ length: 1000 }, () => ({ kind }) as ServerFault);
      const outcome = await run(always, names, { perRequest: 1000, concurrency: 4, patience: PATIENT });
      expect(outcome.requests).toBeLessThanOrEqual(11);
      expect(outcome.result?.problems.map((problem) => problem.kind)).toEqual(["failed", "failed", "failed"]);
    },
  );
});
