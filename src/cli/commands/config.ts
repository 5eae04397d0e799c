import { EXIT } from "../../errors/errors.js";
import { aligned } from "../../report/terminal/aligned.js";
import { count } from "../../wording/count.js";
import { type ShownSetting, shownSettings } from "../config/show.js";
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
  const settings = [...shownSettings(options, origins, streams.env, fromFile), ...(await shownAlerts(configPath))];
  if (options.json) {
    await streams.out(`${JSON.stringify(settings, null, 2)}\n`);
    return EXIT.ok;
  }
  const rows = settings.map(({ name, value, origin }) => [name, value ?? "-", ...(options.origin ? [origin] : [])]);
  await streams.out(`${aligned(rows).join("\n")}\n`);
  return EXIT.ok;
};

/** What the section `alerts` holds, in a line; none where there is no such section. @throws ConfigError where something is wrong with it. */
async function shownAlerts(configPath: string | undefined): Promise<readonly ShownSetting[]> {
  if (configPath === undefined) return [];
  const { readAlerts } = await import("../config/alerts.js");
  const alerts = readAlerts(configPath);
  if (alerts === undefined) return [];
  const value = [count(alerts.routes.length, "route"), count(Object.keys(alerts.receivers).length, "receiver")].join(
    ", ",
  );
  return [{ name: "alerts", value, origin: configPath }];
}
