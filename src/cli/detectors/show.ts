import { CARDS } from "../../detectors/cards.js";
import { DETECTORS, isDetectorName, loadDetector, needsModel } from "../../detectors/registry.js";
import { parseSpec } from "../../detectors/spec.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { type DetectorCost, detectorCost } from "../../evaluate/detector-cost.js";
import { aligned } from "../../report/terminal/aligned.js";
import { didYouMean } from "../../wording/nearest.js";
import type { CommandContext } from "../commands/spec.js";
import { wrap } from "../help.js";

/** `anomaly detectors show <name>`: what it is good for, its options, and what it costs on this machine. */
export async function showDetector(
  { options, streams }: CommandContext<"detectors">,
  text: string | undefined,
): Promise<ExitCode> {
  const names = Object.keys(DETECTORS);
  if (text === undefined) throw new UsageError("arguments", `detectors show needs a name: ${names.join(", ")}`);
  if (!isDetectorName(text)) {
    throw new UsageError(
      "arguments",
      `there is no detector "${text}"${didYouMean(text, names) || `; there are ${names.join(", ")}`}`,
    );
  }
  const detector = await loadDetector(text);
  const { name } = parseSpec(text);
  const table = detector.options ?? {};
  const own = Object.entries(table).map(([option, { help, defaultText, needs }]) => ({
    option: `${name}.${option}`,
    default: defaultText,
    needs,
    help,
  }));
  const cost = needsModel(text) ? null : detectorCost(detector);
  const entry = Object.entries(DETECTORS).find(([key]) => key === name)?.[1];
  const card = CARDS[name];
  if (options.json) {
    const json = {
      name: detector.name,
      about: entry?.about,
      needs_model: needsModel(text),
      good_for: card.goodFor,
      bad_for: card.badFor,
      source: card.source,
      cost,
      options: own,
    };
    await streams.out(`${JSON.stringify(json)}\n`);
    return EXIT.ok;
  }
  const facts = [
    ["looks at", entry?.about ?? ""],
    ["good for", card.goodFor],
    ["bad for", card.badFor],
    ["needs", needsModel(text) ? "a model that train has made" : "nothing: it learns of each series as it scores"],
    ["costs", cost === null ? "see the model" : costWords(cost)],
    ["source", card.source],
  ];
  const settings = own.map((one) => [`--set ${one.option}=`, one.default, one.help]);
  await streams.out(
    `${[
      detector.name,
      "",
      ...facts.flatMap(([label, words]) =>
        wrap(words, 100).map((line, i) => `${(i === 0 ? label : "").padEnd(10)}${line}`),
      ),
      ...(settings.length === 0 ? [] : ["", ...aligned([["option", "default", ""], ...settings])]),
    ].join("\n")}\n`,
  );
  return EXIT.ok;
}

function costWords({ slot_us, checkpoint_bytes, step_s }: DetectorCost): string {
  return `${slot_us.toFixed(1)} µs a slot on this machine, a checkpoint of ${Math.round(checkpoint_bytes / 1000)} kB per series at steps of ${step_s} s`;
}
