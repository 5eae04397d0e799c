import { type ExitCode, UsageError } from "../../errors/errors.js";
import type { CommandContext } from "../commands/spec.js";
import { acknowledge } from "./ack.js";
import { deliveryLog } from "./log.js";
import { alertRecords } from "./records.js";
import { testRoute } from "./test.js";

/** `anomaly alert`: decides what must be said and says it; or `test <route>`, `log`, `ack <incident>`. */
export async function alert(context: CommandContext<"alert">): Promise<ExitCode> {
  const [word, what, ...further] = context.positionals;
  if (further.length > 0 || (what !== undefined && !["test", "ack"].includes(word))) {
    throw new UsageError("arguments", `alert ${word} cannot do anything with "${further[0] ?? what}"`);
  }
  switch (word) {
    case "test":
      return testRoute(context, what);
    case "ack":
      return acknowledge(context, what);
    case "log":
      return deliveryLog(context);
    default:
      return alertRecords(context);
  }
}
