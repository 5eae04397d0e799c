import { dirname, join } from "node:path";
import { figureLinesOf } from "../../detectors/registry.js";
import { EXIT, UsageError } from "../../errors/errors.js";
import { listModels, loadModel, readManifest } from "../../model/folder.js";
import { aligned } from "../../report/terminal/aligned.js";
import { manifestLines } from "../../report/terminal/manifest-lines.js";
import { choiceLines } from "../../report/terminal/power-lines.js";
import { thousands } from "../../wording/count.js";
import { showPower } from "../models/show-power.js";
import type { RunCommand } from "./spec.js";

/** `anomaly models`, `anomaly models list`, `anomaly models show <name>`. */
export const run: RunCommand<"models"> = async (context) => {
  const {
    positionals: [word, name],
    options,
    streams,
    log,
  } = context;
  const folder = options.modelsDir;
  if (word === "show") {
    if (name === undefined) throw new UsageError("arguments", "models show needs a name; anomaly models lists them");
    // Loading it distinguishes a damaged file from a good one; a name that is not there is answered with those that are.
    const loaded = loadModel(name, folder);
    const manifest = readManifest(dirname(loaded.path));
    if (options.power) return showPower(loaded, context);
    const { choice } = loaded.model;
    const figures = [
      ...(await figureLinesOf(manifest.detector, manifest.metrics)),
      ...(choice === undefined ? [] : choiceLines(choice, name)),
    ];
    await streams.out(
      `${options.json ? JSON.stringify(manifest, null, 2) : manifestLines(manifest, figures).join("\n")}\n`,
    );
    return EXIT.ok;
  }
  if (name !== undefined) throw new UsageError("arguments", `models list cannot do anything with "${name}"`);
  const manifests = listModels(folder).map((model) => readManifest(join(folder, model)));
  if (options.json) await streams.out(`${JSON.stringify(manifests)}\n`);
  else if (manifests.length === 0) log.info(`no models in ${folder}/ yet; anomaly train makes one`);
  else {
    const head = ["name", "trained", "series", "step", "from", "until"];
    const rows = manifests.map(({ name: model, trained_at, data }) => [
      model,
      trained_at.slice(0, 10),
      thousands(data.series),
      data.step,
      data.from.slice(0, 10),
      data.until.slice(0, 10),
    ]);
    await streams.out(`${aligned([head, ...rows], ["left", "left", "right", "right", "left"]).join("\n")}\n`);
  }
  return EXIT.ok;
};
