import { EXIT, type ExitCode } from "../../errors/errors.js";
import { findIncidents } from "../../incidents/incidents.js";
import { readStates } from "../../records/states-file.js";
import { tellingLabelsOf } from "../../records/telling-labels.js";
import { selected } from "../../report/terminal/selection.js";
import { recordsAsMarkdown, rowsAsCsv, rowsAsJson, shownRow } from "../../report/terminal/shown-row.js";
import { tableLines } from "../../report/terminal/text-table.js";
import { checkTimezone } from "../../time/timezone.js";
import { count, thousands } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { readyWords } from "../infer/report.js";
import { paintFor } from "../log.js";
import { inputRecords } from "../record-input.js";
import { usualRecords } from "../usual-records.js";

/** One run of `anomaly show`. */
export async function show(context: CommandContext<"show">): Promise<ExitCode> {
  const { options, origins, streams, positionals, log } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const input = await inputRecords(positionals[0], streams, usualRecords());
  const records = selected(input.records, options);
  const statuses = readStates(options.states, origins.states !== "default") ?? [];
  const shown = new Set(records.map(({ id }) => id));
  const incidents = findIncidents(input.records, {
    minMachines: options.fleetMachines,
    minShare: options.fleetShare,
    windowMs: options.fleetWindow,
    // The quiet ones belong to the fleet too.
    fleetMachines: new Set([...input.records, ...statuses].map(({ machine }) => machine)).size,
  });
  const isShown = ({ members }: { readonly members: readonly string[] }) => members.some((id) => shown.has(id));
  const groups = { fleet: incidents.fleet.filter(isShown), machines: incidents.machines.filter(isShown) };
  const telling = tellingLabelsOf(input.records, statuses);
  const rows = () => records.map((record) => shownRow(record, groups));
  if (options.showFormat === "json") await streams.out(rowsAsJson(rows()));
  else if (options.showFormat === "csv") await streams.out(rowsAsCsv(rows()));
  else if (options.showFormat === "markdown") await streams.out(recordsAsMarkdown(records, timezone, telling));
  else {
    const onTerminal = streams.stdoutKind === "terminal";
    const paint = await paintFor(streams, onTerminal);
    const lines = tableLines(records, groups, {
      timezone,
      paint,
      telling,
      columns: onTerminal ? streams.stderrColumns : 0,
    });
    await streams.out(lines.map((line) => `${line}\n`).join(""));
  }
  const warming = statuses.filter(({ state }) => state === "warming");
  if (warming.length > 0) log.info(`${count(warming.length, "series", "series")} warming${readyWords(warming)}`);
  const held = options.all ? 0 : input.records.filter(({ adjusted_by }) => adjusted_by !== undefined).length;
  if (held > 0) log.info(`${count(held, "record")} held back by verdicts; --all shows them`);
  const open = records.filter(({ status }) => status === "open").length;
  log.info(
    `${count(records.length, "record")} of ${thousands(input.records.length)} from ${input.name}${open > 0 ? `, ${open} still open` : ""}`,
  );
  return EXIT.ok;
}
