// What auto finds on fleets with known incidents, beside each detector by itself. Prints one row per fleet and detector.
//
//     node bench/auto/bench.js                     the packaged fleet, and simulated ones of seeds 1 to 3
//     node bench/auto/bench.js FOLDER...           folders with history/, live/ and truth.json
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SEEDS = [1, 2, 3];
const DETECTORS = ["auto", "family", "residual"];
/** A record may begin or end this far from an incident: two slots of the fleets. */
const TOLERANCE_MS = 40 * 60_000;

function anomaly(folder, ...args) {
  return execFileSync(process.execPath, [join(ROOT, "bin/anomaly.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e9,
  });
}

/** Incidents with their times in ms, of `anomaly simulate` or in seconds. */
function truthOf(fleet) {
  return JSON.parse(readFileSync(join(fleet, "truth.json"), "utf8")).map((one) => ({
    ...one,
    startMs: one.startMs ?? one.start_s * 1000,
    endMs: one.endMs ?? one.end_s * 1000,
  }));
}

function judge(records, truth) {
  const isOf = (record, incident) =>
    record.machine === incident.machine &&
    record.aggregator === incident.aggregator &&
    Date.parse(record.start) < incident.endMs + TOLERANCE_MS &&
    Date.parse(record.end) > incident.startMs - TOLERANCE_MS;
  return {
    incidents: truth.length,
    found: truth.filter((incident) => records.some((record) => isOf(record, incident))).length,
    falseAlarms: records.filter((record) => !truth.some((incident) => isOf(record, incident))).length,
  };
}

function measure(fleet, place) {
  const began = performance.now();
  anomaly(place, "train", join(fleet, "history"), "-q");
  const seconds = (performance.now() - began) / 1000;
  const truth = truthOf(fleet);
  return DETECTORS.map((detector) => {
    const where = ["--state-dir", detector, "--states", `${detector}.states`, "-o", "-"];
    const out = anomaly(place, "infer", fleet, "--lookback", "4d", "--fresh", "--detector", detector, "-q", ...where);
    const records = out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const used = [...new Set(records.map((record) => record.detector))].sort().join("+");
    return { detector, used, seconds, ...judge(records, truth) };
  });
}

const place = mkdtempSync(join(tmpdir(), "anomaly-auto-"));
try {
  const given = process.argv.slice(2).map((path) => resolve(path));
  const simulated = SEEDS.map((seed) => {
    const name = `simulated-${seed}`;
    anomaly(place, "simulate", name, "--machines", "10", "--days", "45", "--seed", String(seed), "-q");
    return join(place, name);
  });
  const fleets = given.length > 0 ? given : [join(ROOT, "data/fleet"), ...simulated];
  console.log("fleet            detector  of         found       false  train");
  for (const fleet of fleets) {
    for (const { detector, used, incidents, found, falseAlarms, seconds } of measure(fleet, place)) {
      const name = fleet.split("/").pop().padEnd(15);
      const rest = `${String(found).padStart(4)} of ${String(incidents).padEnd(4)} ${String(falseAlarms).padStart(6)}`;
      console.log(`${name}  ${detector.padEnd(8)}  ${used.padEnd(9)} ${rest}  ${seconds.toFixed(1)} s`);
    }
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
