import type { Found } from "../../alert/tick.js";
import type { CommandContext } from "../commands/spec.js";

/** The silences of `--alertmanager-url` that are under way; one that does not answer is reported, and holds nothing. */
export async function foundSilences(
  { options, streams, log, signal }: CommandContext<"alert">,
  nowMs: number,
): Promise<Found["silences"]> {
  const { alertmanagerUrl } = options;
  if (alertmanagerUrl === undefined) return [];
  const { fetchEvents } = await import("../../runs/events/fetch-events.js");
  return fetchEvents(
    { calendars: [], annotations: [], alertmanagerUrl, grafanaUrl: undefined, timezone: "UTC" },
    { startMs: nowMs, endMs: nowMs + 1 },
    { env: streams.env, warn: log.warn, signal },
  );
}
