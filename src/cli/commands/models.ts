import { dirname } from "node:path";
import { figureLinesOf } from "../../detectors/registry.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { loadModel, MODEL_FILE, readManifest } from "../../model/folder.js";
import { findVersion, modelVersions } from "../../model/versions.js";
import { manifestLines } from "../../report/terminal/manifest-lines.js";
import { choiceLines } from "../../report/terminal/power-lines.js";
import { showList } from "../models/list-models.js";
import { promote } from "../models/promote.js";
import { showPower } from "../models/show-power.js";
import type { CommandContext, RunCommand } from "./spec.js";

/** `anomaly models`, `anomaly models list`, `anomaly models show <name> [version]`, `anomaly models promote <name> <version>`. */
export const run: RunCommand<"models"> = async (context) => {
  const [word, name, version] = context.positionals;
  if (word === "promote") return promote(context, name, version);
  if (word === "show") return show(context, name, version);
  if (name !== undefined) throw new UsageError("arguments", `models list cannot do anything with "${name}"`);
  return showList(context);
};

async function show(
  context: CommandContext<"models">,
  name: string | undefined,
  version: string | undefined,
): Promise<ExitCode> {
  const { options, streams } = context;
  if (name === undefined) throw new UsageError("arguments", "models show needs a name; anomaly models lists them");
  // Loading it distinguishes a damaged file from a good one; a name that is not there is answered with those that are.
  const champion = loadModel(name, options.modelsDir);
  const versions = modelVersions(options.modelsDir, name);
  const loaded =
    version === undefined
      ? champion
      : loadModel(`${findVersion(versions, version, name).folder}/${MODEL_FILE}`, options.modelsDir);
  const manifest = readManifest(dirname(loaded.path));
  if (options.power) return showPower(loaded, context);
  const { choice } = loaded.model;
  const figures = [
    ...(await figureLinesOf(manifest.detector, manifest.metrics)),
    ...(choice === undefined ? [] : choiceLines(choice, name)),
  ];
  const others = versions
    .filter(({ role }) => role !== "champion")
    .map((one) => `${one.version} (${one.role}, trained ${one.manifest.trained_at})`);
  await streams.out(
    `${options.json ? JSON.stringify(manifest, null, 2) : manifestLines(manifest, figures, version === undefined ? others : []).join("\n")}\n`,
  );
  return EXIT.ok;
}
