import type { AlertSettings } from "../../alert/settings/settings.js";
import { ConfigError } from "../../errors/errors.js";
import { readAlerts } from "../config/alerts.js";

/** The section `alerts` of the settings file. @throws ConfigError where there is none, or it cannot be used. */
export function neededAlerts(configPath: string | undefined): AlertSettings {
  const settings = configPath === undefined ? undefined : readAlerts(configPath);
  if (settings !== undefined) return settings;
  const where = configPath === undefined ? "there is no anomaly.yaml" : `${configPath} has no section alerts`;
  throw new ConfigError(
    "alerts",
    `${where}; write who hears of what, with receivers and routes: docs/alerts.md has examples`,
  );
}
