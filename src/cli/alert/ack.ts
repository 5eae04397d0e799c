import { acknowledgeIncident } from "../../alert/acknowledge.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";

/** `anomaly alert ack <incident>`: somebody is at it, so it is neither repeated nor escalated. */
export async function acknowledge(context: CommandContext<"alert">, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError("arguments", "alert ack needs the id of an incident; messages name it");
  const by = authorOf(context);
  const nowMs = context.streams.nowMs();
  const found = await withStore(context, (store) => acknowledgeIncident(store, id, { atMs: nowMs, by }));
  if (!found)
    throw new UsageError("arguments", `no incident ${id} is open; anomaly alert log lists those with messages`);
  context.log.info(`${id} is acknowledged; it is not repeated and not escalated`);
  return EXIT.ok;
}
