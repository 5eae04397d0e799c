import { EXIT } from "../../errors/errors.js";
import { aligned } from "../../report/terminal/aligned.js";
import { shownSettings } from "../config/show.js";
import type { RunAnyCommand } from "./spec.js";

/** `anomaly config show` and `anomaly config path`. */
export const run: RunAnyCommand = async ({
  positionals,
  options,
  origins,
  configPath,
  settings: fromFile,
  streams,
  log,
}) => {
  if (positionals[0] === "path") {
    if (configPath === undefined) {
      log.info("no settings file is in use; anomaly.yaml in this folder would be, or the file --config names");
      return EXIT.ok;
    }
    await streams.out(`${configPath}\n`);
    return EXIT.ok;
  }
  const settings = shownSettings(options, origins, streams.env, fromFile);
  if (options.json) {
    await streams.out(`${JSON.stringify(settings, null, 2)}\n`);
    return EXIT.ok;
  }
  const rows = settings.map(({ name, value, origin }) => [name, value ?? "-", ...(options.origin ? [origin] : [])]);
  await streams.out(`${aligned(rows).join("\n")}\n`);
  return EXIT.ok;
};
