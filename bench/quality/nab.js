import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A method's name as NAB's folders have it. */
export const nabName = (method) => method.replace(/[^A-Za-z0-9]+/g, "_");

/**
 * Writes a method's scores in NAB's layout, `<folder>/<detector>/<category>/<detector>_<file>`: a line for each row of NAB's
 * file, with that row's own timestamp. A row without score is 0.
 */
export function writeNabResults(folder, method, files, scores) {
  const detector = nabName(method);
  files.forEach(({ file, path, input: { series } }, i) => {
    const rows = readFileSync(path, "utf8").split(/\r?\n/).slice(1);
    const lines = rows.flatMap((row) => {
      if (row === "") return [];
      const [timestamp, value] = row.split(",");
      const timeMs = Date.parse(`${timestamp.replace(" ", "T")}Z`);
      const score = scores[i][Math.floor((timeMs - series.startMs) / series.stepMs)];
      return [`${timestamp},${value},${Number.isFinite(score) ? score : 0},0`];
    });
    const target = join(folder, detector, dirname(file), `${detector}_${basename(file)}`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `timestamp,value,anomaly_score,label\n${lines.join("\n")}\n`);
  });
}

/** NAB's own figures by profile, from the reference scorer; undefined where Python or numpy is missing. */
export function nabScores(quality, folder, method) {
  const detector = nabName(method);
  const asked = [join(quality, "score.py"), "nab", join(quality, "dev/nab"), detector, "--results", folder, "--json"];
  // The first Python on the path may be one without numpy; the distribution's own has the package python3-numpy.
  for (const python of ["python3", "/usr/bin/python3"]) {
    const said = spawnSync(python, asked, { encoding: "utf8" });
    // Python writes numbers that JSON does not know.
    if (said.status === 0) return JSON.parse(said.stdout.replace(/-?\bInfinity\b|\bNaN\b/g, "null"))[detector];
  }
  return undefined;
}
