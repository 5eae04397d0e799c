import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { measured, medians } from "./measured.js";

/** The same 600 series and 183 days at finer and finer steps: 7.9, 31.6 and 158 million points. */
const SIZES = [
  { factor: 1, stepS: 1200 },
  { factor: 4, stepS: 300 },
  { factor: 20, stepS: 60 },
];

/** `train` on growing exports. The largest takes 1.4 GB of disk, and as much again while it is read. */
export function growth(peer, place, anomaly, rounds, say) {
  return SIZES.map(({ factor, stepS }) => {
    const fleet = join(place, `fleet-${factor}`);
    try {
      const made = spawnSync("/usr/bin/python3", [join(peer, "make_fleet.py"), fleet, "--step", String(stepS)]);
      if (made.status !== 0) throw new Error(`make_fleet.py failed: ${made.stderr}`);
      const words = ["train", join(fleet, "history"), "--models-dir", join(fleet, "models"), "--quiet"];
      const runs = Array.from({ length: rounds }, () => {
        const { seconds, cpu, peakMb } = measured("node", [anomaly, ...words]);
        say(`growth ${factor}x: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} CPU s, ${peakMb.toFixed(0)} MB`);
        return { seconds, cpu, peakMb };
      });
      return { factor, ...medians(runs) };
    } finally {
      rmSync(fleet, { recursive: true, force: true });
    }
  });
}
