import { messageOfRow } from "../../alert/deliver/queue.js";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printJson, printTable } from "../print-rows.js";

const USUAL_LIMIT = 50;

/** `anomaly alert log`: what was sent, what waits, and what failed for which reason; newest first. */
export async function deliveryLog(context: CommandContext<"alert">): Promise<ExitCode> {
  const { options, streams } = context;
  const rows = await withStore(context, (store) =>
    store.find("deliveries", { order: "newest", limit: options.limit ?? USUAL_LIMIT }),
  );
  if (options.json) {
    await printJson(rows, streams);
    return EXIT.ok;
  }
  const shown = rows.map((row) => {
    const { stage, title } = messageOfRow(row);
    const { created_at, ended_at, route, receiver, incident, state, attempts, last_error } = row;
    return [
      created_at,
      ended_at ?? "-",
      route,
      receiver,
      incident ?? "-",
      stage,
      state,
      String(attempts),
      last_error ?? title,
    ];
  });
  const head = ["created", "ended", "route", "receiver", "incident", "stage", "state", "tries", "error or title"];
  await printTable(head, shown, streams);
  return EXIT.ok;
}
