import { DETECTORS, needsModel } from "../../detectors/registry.js";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import { aligned } from "../../report/terminal/aligned.js";
import type { CommandContext } from "../commands/spec.js";

/** `anomaly detectors list`: a line per detector. */
export async function showDetectors({ options, streams }: CommandContext<"detectors">): Promise<ExitCode> {
  const all = Object.entries(DETECTORS).map(([name, entry]) => ({
    name,
    needs_model: needsModel(name),
    about: entry.about,
  }));
  if (options.json) await streams.out(`${JSON.stringify(all)}\n`);
  else {
    const rows = all.map(({ name, needs_model, about }) => [name, needs_model ? "model" : "nothing", about]);
    await streams.out(`${aligned([["name", "needs", "looks at"], ...rows]).join("\n")}\n`);
  }
  return EXIT.ok;
}
