import { UsageError } from "../../errors/errors.js";
import { checkOwn } from "../detectors/check.js";
import { showDetectors } from "../detectors/list.js";
import { showDetector } from "../detectors/show.js";
import type { RunCommand } from "./spec.js";

/** `anomaly detectors`, `detectors list`, `detectors show <name>`, `detectors check <file>`. */
export const run: RunCommand<"detectors"> = async (context) => {
  const [word, name] = context.positionals;
  if (word === "show") return showDetector(context, name);
  if (word === "check") return checkOwn(context, name);
  if (name !== undefined) throw new UsageError("arguments", `detectors list cannot do anything with "${name}"`);
  return showDetectors(context);
};
