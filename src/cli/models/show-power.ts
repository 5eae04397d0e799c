import { EXIT, type ExitCode, ModelError } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import type { LoadedModel } from "../../model/folder.js";
import { powerJson, powerTable } from "../../report/terminal/power-lines.js";
import type { CommandContext } from "../commands/spec.js";

/** `anomaly models show <name> --power`: what would not be found. @throws ModelError where it was not measured. */
export async function showPower(
  { model, path }: LoadedModel,
  { options, streams, log }: CommandContext<"models">,
): Promise<ExitCode> {
  const { choice, inventory, unit } = model;
  if (choice === undefined) {
    throw new ModelError("power", `${path} does not say what would be found; train it again, without --no-power`);
  }
  const text = options.json
    ? JSON.stringify(powerJson(choice, inventory.series))
    : powerTable(choice, inventory.series, unit).join("\n");
  await streams.out(`${text}\n`);
  if (options.png !== undefined) {
    const { drawPower } = await import("../../plot/draw-power.js");
    writeFileAtomic(options.png, await drawPower(choice, options.theme, options.scale));
    log.info(`${options.png}: the share of series by the smallest incident that is found`);
  }
  return EXIT.ok;
}
