import { join } from "node:path";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import { listModels, readManifest } from "../../model/folder.js";
import type { Manifest } from "../../model/manifest.js";
import { type ModelVersion, modelVersions } from "../../model/versions.js";
import { aligned } from "../../report/terminal/aligned.js";
import { thousands } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";

/** `anomaly models list`: a line per model, and under it one per version that is not in use. */
export async function showList({ options, streams, log }: CommandContext<"models">): Promise<ExitCode> {
  const folder = options.modelsDir;
  const models = listModels(folder).map((name) => ({
    manifest: readManifest(join(folder, name)),
    versions: modelVersions(folder, name),
  }));
  if (options.json) {
    const all = models.map(({ manifest, versions }) => ({ ...manifest, versions: versions.map(versionJson) }));
    await streams.out(`${JSON.stringify(all)}\n`);
  } else if (models.length === 0) log.info(`no models in ${folder}/ yet; anomaly train makes one`);
  else {
    const head = ["name", "trained", "series", "step", "from", "until", "version"];
    const rows = models.flatMap(({ manifest, versions }) => [
      row(manifest.name, manifest, versions.find(({ role }) => role === "champion")?.version ?? ""),
      ...versions
        .filter(({ role }) => role !== "champion")
        .map((one) => row(`  ${one.role}`, one.manifest, one.version)),
    ]);
    await streams.out(`${aligned([head, ...rows], ["left", "left", "right", "right", "left"]).join("\n")}\n`);
  }
  return EXIT.ok;
}

const row = (name: string, { trained_at, data }: Manifest, version: string) => [
  name,
  trained_at.slice(0, 10),
  thousands(data.series),
  data.step,
  data.from.slice(0, 10),
  data.until.slice(0, 10),
  version,
];

function versionJson({ version, role, manifest }: ModelVersion) {
  return { version, role, trained_at: manifest.trained_at };
}
