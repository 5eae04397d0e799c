import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openPlace, type Place, parseLines } from "../../chain/testing/place.js";
import type { SeriesStatus } from "../../records/status.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "../../sources/testing/graphite-server.js";

/** Minutes that are already there after now, so that none is missing however long the test takes. */
const AHEAD = 30;

describe.skipIf(!graphiteAvailable())(
  "init --source graphite (skipped without Debian's graphite)",
  { timeout: 600_000 },
  () => {
    let graphite: GraphiteServer;
    let place: Place;
    beforeAll(async () => {
      graphite = await startGraphite();
      place = openPlace({ data: false, env: { GRAPHITE_URL: graphite.url } });
      const nowS = Math.floor(Date.now() / 60_000) * 60;
      await graphite.writeHistories(
        [
          ...["a", "b", "c"].flatMap((host) =>
            ["metricsReceived", "errors", "version"].map((what) => `carbon.agents.${host}.${what}`),
          ),
          "stats.counters.statsd.packets_received.rate",
          "stats.timers.shop.checkout.upper_90",
          "stats.timers.shop.cart.upper_90",
          "stats.gauges.queue",
        ].map((path, i) => ({
          path,
          startS: nowS - 3600,
          stepS: 60,
          values: Array.from({ length: 60 + AHEAD }, (_, slot) => i + Math.sin(slot)),
        })),
      );
    }, 600_000);
    afterAll(async () => {
      place?.remove();
      await graphite?.stop();
    });

    test("series of different steps in one run are each looked at on their own, with status 0, and again the same", async () => {
      const template = "group(stats.gauges.*,summarize(stats.timers.shop.*.upper_90,'10min'))";
      const look = async () => {
        const run = await place.sh(
          `anomaly infer --source graphite --template "${template}" -o - --states mixed.states`,
        );
        expect(run.status, run.stderr).toBe(0);
        return parseLines<SeriesStatus>(place.read("mixed.states")).map(({ series, state }) => [series, state]);
      };
      const expected = [
        ["stats.gauges.queue", "warming"],
        ['summarize(stats.timers.shop.cart.upper_90, "10min", "sum")', "warming"],
        ['summarize(stats.timers.shop.checkout.upper_90, "10min", "sum")', "warming"],
      ];
      expect(await look()).toEqual(expected);
      expect(await look()).toEqual(expected);
    });

    test("recognises what carbon and statsd write, and infer takes the jobs", async () => {
      const init = await place.sh("anomaly init --source graphite");
      expect(init.status, init.stderr).toBe(0);
      const { jobs } = parse(place.read("anomaly.yaml")) as {
        jobs: Record<string, { template: string; var?: string }>;
      };
      expect(
        Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, [job.template, job.var]])),
      ).toMatchObject({
        carbon: ["carbon.agents.{machine}.{aggregator}", "aggregator=errors,metricsReceived"],
        statsd: ["stats.counters.statsd.{aggregator}.rate", "aggregator=packets_received"],
        "statsd-timers": ["stats.timers.{aggregator}.{machine}.upper_90", undefined],
        "statsd-gauges": ["stats.gauges.{machine}", undefined],
      });
      const infer = await place.sh("anomaly infer --job all");
      expect(infer.status, infer.stderr).toBe(0);
      const states = parseLines<SeriesStatus>(place.read("out/states.statsd-timers.ndjson"));
      expect(states.map(({ machine, aggregator, state }) => [machine, aggregator, state])).toEqual([
        ["cart", "shop", "warming"],
        ["checkout", "shop", "warming"],
      ]);
    });
  },
);
