import { acknowledgeIncident, passingOn } from "../../alert/acknowledge.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { readAlerts } from "../config/alerts.js";
import { withStore } from "../open-store.js";

/** `anomaly alert ack <incident>`: somebody is at it, so it is neither repeated nor escalated. */
export async function acknowledge(context: CommandContext<"alert">, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError("arguments", "alert ack needs the id of an incident; messages name it");
  const by = authorOf(context);
  const nowMs = context.streams.nowMs();
  const { configPath } = context;
  const passOn = passingOn(configPath === undefined ? undefined : readAlerts(configPath));
  const found = await withStore(context, (store) => acknowledgeIncident(store, id, { atMs: nowMs, by }, passOn));
  if (!found)
    throw new UsageError("arguments", `no incident ${id} is open; anomaly alert log lists those with messages`);
  const passed =
    passOn.length === 0 ? "" : `; serve, or the next call of anomaly alert, passes it on to ${passOn.join(", ")}`;
  context.log.info(`${id} is acknowledged; it is not repeated and not escalated${passed}`);
  return EXIT.ok;
}
