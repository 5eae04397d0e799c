import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createHttp } from "../../dist/http/http.js";
import { aligned } from "../../dist/report/terminal/aligned.js";
import { createGraphiteSource } from "../../dist/sources/graphite/source.js";
import { createPromqlSource } from "../../dist/sources/promql/source.js";
import { plainText } from "./plain-http.js";
import { loadServers } from "./servers.js";

/*
 * Fetching from real servers on loopback: 600 series × 4 days, ours with 1 and 8 requests at a time, and the way of 600 GETs one
 * after the other; Graphite also behind a relay that makes each round trip as long as a near network does. Series a second, and MB a second of what the server sent (as JSON, not compressed).
 *
 *     npm run bench:sources -- [--json] [--step 1200] [--series 600] [--days 4] [--rounds 3] [--round-trip 2]
 */
const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    step: { type: "string", default: "1200" },
    series: { type: "string", default: "600" },
    days: { type: "string", default: "4" },
    rounds: { type: "string", default: "3" },
    "round-trip": { type: "string", default: "2" },
    server: { type: "string", multiple: true, default: ["graphite", "prometheus", "victoriametrics"] },
  },
});
const stepS = Number(asked.step);
const SERIES = Number(asked.series);
const SLOTS = (Number(asked.days) * 86_400) / stepS;
const startS = Math.floor(Date.now() / 1000 / 3600) * 3600 - SLOTS * stepS;
const range = { startMs: startS * 1000, endMs: (startS + SLOTS * stepS) * 1000 };
const fleet = Array.from({ length: SERIES }, (_, i) => ({
  machine: `n${200 + (i % 100)}`,
  aggregator: `agg_${Math.floor(i / 100)}`,
  values: Array.from({ length: SLOTS }, (_, s) => Math.round(1e4 * (1 + Math.sin((s * stepS) / 13_751 + i))) / 1e4),
}));

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Every way in turn, several rounds; the median time of each. */
async function measure(ways) {
  const times = ways.map(() => []);
  for (let round = 0; round < Number(asked.rounds); round++) {
    for (const [i, { run }] of ways.entries()) {
      const began = performance.now();
      const got = await run();
      times[i].push((performance.now() - began) / 1000);
      if (got !== SERIES) throw new Error(`${ways[i].name} gave ${got} of ${SERIES} series`);
    }
  }
  return ways.map(({ name }, i) => ({ name, seconds: median(times[i]) }));
}

/** What a server sends for everything, in bytes of JSON. */
const bytesOf = async (url, form) => Buffer.byteLength(await plainText(url, form));

/** The first users' way: a Python script, one GET a series, one after the other, nothing shared between them. */
const serial = (urlOf) => async () => {
  const script = fileURLToPath(new URL("serial.py", import.meta.url));
  const child = spawn("/usr/bin/python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(fleet.map((one) => `${urlOf(one)}\n`).join(""));
  const [text] = await once(child.stdout, "data");
  return Number(String(text));
};

const ours = (name, open) =>
  [1, 8].map((concurrency) => ({
    name: `${name}, ${concurrency} at a time`,
    run: async () => {
      const http = createHttp({ maxConnections: concurrency });
      const { source, targets } = open(http, concurrency);
      const { series } = await source.fetch({ targets, stepMs: stepS * 1000 }, range);
      await http.close();
      return series.length;
    },
  }));

const servers = await loadServers();
const results = [];
try {
  if (asked.server.includes("graphite") && servers.graphiteAvailable()) {
    const graphite = await servers.startGraphite({ retentions: `${stepS}s:30d`, workers: 2 });
    try {
      const pathOf = ({ machine, aggregator }) => `fleet.${machine}.lag.${aggregator}`;
      await graphite.writeHistories(fleet.map((one) => ({ path: pathOf(one), startS, stepS, values: one.values })));
      const time = `format=json&from=${startS - 1}&until=${range.endMs / 1000 - 1}`;
      const bytes = await bytesOf(`${graphite.url}/render`, [
        ["target", "fleet.*.lag.*"],
        ...new URLSearchParams(time),
      ]);
      const open = (http, concurrency) => ({
        source: createGraphiteSource({ url: graphite.url, http, concurrency }),
        targets: fleet.map((one) => ({ expression: pathOf(one), labels: {} })),
      });
      const ways = [
        {
          name: "graphite, 600 GETs one after the other",
          run: serial((one) => `${graphite.url}/render?target=${pathOf(one)}&${time}`),
        },
        ...ours("graphite", open),
        {
          name: "graphite, one glob",
          run: async () => {
            const http = createHttp();
            const source = createGraphiteSource({ url: graphite.url, http });
            const { series } = await source.fetch(
              { targets: [{ expression: "fleet.*.lag.*", labels: {} }], stepMs: stepS * 1000 },
              range,
            );
            await http.close();
            return series.length;
          },
        },
      ];
      results.push(...(await measure(ways)).map((row) => ({ ...row, bytes })));
      const relay = spawn(process.execPath, [
        fileURLToPath(new URL("relay.js", import.meta.url)),
        new URL(graphite.url).port,
        asked["round-trip"],
      ]);
      const far = `http://127.0.0.1:${String((await once(relay.stdout, "data"))[0]).trim()}`;
      const name = `graphite ${asked["round-trip"]} ms away`;
      const openFar = (http, concurrency) => ({
        ...open(http, concurrency),
        source: createGraphiteSource({ url: far, http, concurrency }),
      });
      const farWays = [
        {
          name: `${name}, 600 GETs one after the other`,
          run: serial((one) => `${far}/render?target=${pathOf(one)}&${time}`),
        },
        ...ours(name, openFar),
      ];
      results.push(...(await measure(farWays)).map((row) => ({ ...row, bytes })));
      relay.kill();
    } finally {
      await graphite.stop();
    }
  }
  for (const kind of ["prometheus", "victoriametrics"]) {
    const [available, start] =
      kind === "prometheus"
        ? [servers.prometheusAvailable(), servers.startPrometheus]
        : [servers.victoriaAvailable(), servers.startVictoria];
    if (!asked.server.includes(kind) || !available) continue;
    const histories = fleet.map(({ machine, aggregator, values }) => ({
      labels: { __name__: `lag_${aggregator}`, machine },
      startS,
      stepS,
      values,
    }));
    const running = await start(histories);
    try {
      const names = [...new Set(histories.map(({ labels }) => labels.__name__))];
      const time = { start: String(startS), end: String(range.endMs / 1000 - stepS), step: String(stepS) };
      let bytes = 0;
      for (const query of names) bytes += await bytesOf(`${running.url}/api/v1/query_range`, { query, ...time });
      const one = ({ machine, aggregator }) => `lag_${aggregator}{machine="${machine}"}`;
      const open = (http, concurrency) => ({
        source: createPromqlSource({ server: kind, url: running.url, http, concurrency }),
        targets: names.map((expression) => ({ expression, labels: {} })),
      });
      const urlOf = (series) =>
        `${running.url}/api/v1/query_range?${new URLSearchParams({ query: one(series), ...time })}`;
      const ways = [{ name: `${kind}, 600 GETs one after the other`, run: serial(urlOf) }, ...ours(kind, open)];
      results.push(...(await measure(ways)).map((row) => ({ ...row, bytes })));
    } finally {
      await running.stop();
    }
  }
} finally {
  servers.remove();
}

const table = results.map(({ name, seconds, bytes }) => {
  const slowest = results.find((row) => row.name.startsWith(`${name.split(",")[0]}, 600`));
  return {
    way: name,
    seconds: Number(seconds.toFixed(2)),
    series_per_s: Math.round(SERIES / seconds),
    mb_per_s: Number((bytes / 1e6 / seconds).toFixed(1)),
    times_faster: Number((slowest.seconds / seconds).toFixed(1)),
  };
});
if (asked.json) console.log(JSON.stringify(table));
else {
  const rows = table.map((row) => Object.values(row).map(String));
  console.log(`${SERIES} series × ${asked.days} days, a value every ${stepS} s, median of ${asked.rounds}`);
  console.log(aligned([Object.keys(table[0]), ...rows], ["left", "right"]).join("\n"));
}
