import { EXIT } from "../../errors/errors.js";
import { completionScript, type Shell } from "../completion.js";
import type { RunCommand } from "./spec.js";

/** `anomaly completion <shell>`. */
export const run: RunCommand<"completion"> = async ({ positionals, streams }) => {
  await streams.out(completionScript(positionals[0] as Shell));
  return EXIT.ok;
};
