import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openPlace, type Place, parseLines } from "../../chain/testing/place.js";
import type { AnomalyRecord } from "../../records/record.js";
import type { SeriesStatus } from "../../records/status.js";
import {
  type PromqlServer,
  prometheusAvailable,
  type SampleHistory,
  startPrometheus,
} from "../../sources/testing/promql-servers.js";

const STEP_S = 60;
/** Minutes that are already there after now: nothing is scraped while the test runs. */
const AHEAD = 30;
const MACHINES = ["web1:9100", "web2:9100", "web3:9100"];

/** What a node_exporter, an application and their build information look like after some minutes or days. */
function fleet(minutes: number, endS: number): readonly SampleHistory[] {
  const startS = endS - minutes * STEP_S;
  const series = (name: string, labels: Readonly<Record<string, string>>, valueAt: (slot: number) => number) => ({
    labels: { __name__: name, ...labels },
    startS,
    stepS: STEP_S,
    values: Array.from({ length: minutes + AHEAD }, (_, slot) => valueAt(slot)),
  });
  return MACHINES.flatMap((instance, machine) => {
    const wave = (slot: number) =>
      1 + 0.3 * Math.sin((2 * Math.PI * slot) / 1440 + machine) + 0.1 * Math.sin(slot * 12.9898 + machine * 78.233);
    const own = { instance, job: "node" };
    // The last machine's load is at twenty times its usual level in the newest 40 minutes.
    const load = (slot: number) => wave(slot) * (machine === 2 && slot >= minutes - 40 ? 20 : 1);
    return [
      series("node_load1", own, load),
      series("node_boot_time_seconds", own, () => startS - 86_400),
      ...["idle", "iowait"].map((mode) =>
        series("node_cpu_seconds_total", { ...own, mode }, (slot) => 50 * slot + 5 * wave(slot)),
      ),
      series("node_uname_info", own, () => 1),
      series("up", own, () => 1),
      series("shop_orders_total", { ...own, job: "shop" }, (slot) => Math.floor(30 * slot + 3 * wave(slot))),
      series("shop_queue_length", { ...own, job: "shop" }, (slot) => 10 * wave(slot)),
      series("shop_workers", { ...own, job: "shop" }, () => 8),
      series("shop_last_order_time_seconds", { ...own, job: "shop" }, (slot) => startS + slot * STEP_S),
      ...["0.1", "1", "+Inf"].map((le, i) =>
        series("shop_request_seconds_bucket", { ...own, job: "shop", le }, (slot) => Math.floor((i + 2) * 10 * slot)),
      ),
      series("shop_request_seconds_count", { ...own, job: "shop" }, (slot) => 40 * slot),
      series("shop_request_seconds_sum", { ...own, job: "shop" }, (slot) => 4 * slot),
    ];
  });
}

interface JobFile {
  readonly jobs: Readonly<Record<string, { readonly query: readonly string[]; readonly label: string }>>;
}

describe.skipIf(!prometheusAvailable())(
  "the first hour with only a Prometheus (skipped without Debian's prometheus)",
  { timeout: 600_000 },
  () => {
    let server: PromqlServer | undefined;
    let place: Place | undefined;
    afterEach(async () => {
      place?.remove();
      await server?.stop();
    });

    async function begin(minutes: number): Promise<Place> {
      server = await startPrometheus(fleet(minutes, Math.floor(Date.now() / 60_000) * 60));
      place = openPlace({ data: false, env: { PROMETHEUS_URL: server.url } });
      return place;
    }
    const states = (at: Place, job: string) => parseLines<SeriesStatus>(at.read("out", `states.${job}.ndjson`));

    test("init takes what varies, counters as rates and histograms as quantiles; infer then says when it is ready", async () => {
      const at = await begin(30);
      const init = await at.sh("anomaly init --source prometheus");
      expect(init.status, init.stderr).toBe(0);
      expect(init.stderr).toMatch(/anomaly\.yaml: 2 jobs; try anomaly infer --job all\n$/);
      const { jobs } = parse(at.read("anomaly.yaml")) as JobFile;
      const names = Object.fromEntries(
        Object.entries(jobs).map(([name, { query }]) => [name, query.map((one) => one.split("=")[0])]),
      );
      expect(names).toEqual({
        node: ["cpu_busy", "cpu_iowait", "load1"],
        shop: ["shop_orders_rate", "shop_queue_length", "shop_request_seconds_p99", "shop_request_seconds_rate"],
      });
      expect(jobs["shop"].label).toBe("machine=instance");
      const infer = await at.sh("anomaly infer --job all");
      expect(infer.status, infer.stderr).toBe(0);
      const all = ["node", "shop"].flatMap((job) => states(at, job));
      expect(all).toHaveLength(21);
      for (const { state, reason, machine } of all) {
        expect([state, reason, MACHINES.includes(machine)]).toEqual([
          "warming",
          expect.stringMatching(/^less than 24h of history; ready at \d{4}-\d\d-\d\dT\d\d:\d\dZ$/),
          true,
        ]);
      }
    });

    test("--find takes the metrics that fit, whatever exporter they are of", async () => {
      const at = await begin(30);
      const found = await at.sh("anomaly init --source prometheus --find 'node_.*' -o -");
      expect(found.status, found.stderr).toBe(0);
      const { jobs } = parse(found.stdout) as JobFile;
      expect(Object.values(jobs).flatMap(({ query }) => query)).toEqual([
        "node_cpu_seconds_rate=sum by (instance) (rate(node_cpu_seconds_total[5m]))",
        "node_load1=max by (instance) (node_load1)",
      ]);
      const none = await at.sh("anomaly init --source prometheus --find 'nothing.*' -o -");
      expect([none.status, none.stderr]).toEqual([1, expect.stringMatching(/has no metric that fits nothing\.\*; /)]);
      const still = await at.sh("anomaly init --source prometheus --find 'shop_workers' -o -");
      expect([still.status, still.stderr]).toEqual([1, expect.stringMatching(/none of them has varied/)]);
    });

    test("after three days every series has a score, and the machine whose load is twenty times its usual level is found", async () => {
      const at = await begin(3 * 1440 + 300);
      expect((await at.sh("anomaly init --source prometheus -q")).status).toBe(0);
      const infer = await at.sh("anomaly infer --job all -o out/anomalies.ndjson");
      expect(infer.status, infer.stderr).toBe(0);
      for (const job of ["node", "shop"]) {
        for (const { series, aggregator, score } of states(at, job)) {
          expect([aggregator, series, score], infer.stderr).toEqual([aggregator, series, expect.any(Number)]);
        }
      }
      const open = parseLines<AnomalyRecord>(at.read("out/anomalies.ndjson")).filter(({ status }) => status === "open");
      expect(open.map(({ machine, aggregator }) => `${machine} ${aggregator}`)).toEqual(["web3:9100 load1"]);
    });
  },
);
