import { randomUUID } from "node:crypto";
import { testMessage } from "../../alert/message/test-message.js";
import { openReceivers } from "../../alert/receivers/house.js";
import { EXIT, type ExitCode, messageOf, UsageError } from "../../errors/errors.js";
import { didYouMean } from "../../wording/nearest.js";
import type { CommandContext } from "../commands/spec.js";
import { neededAlerts } from "./open-alerts.js";

/** `anomaly alert test <route>`: sends one message to each receiver of a route. Exit 1 where one did not take it. */
export async function testRoute(context: CommandContext<"alert">, name: string | undefined): Promise<ExitCode> {
  const { streams, options, log, configPath, signal } = context;
  const settings = neededAlerts(configPath);
  const names = settings.routes.map((one) => one.name);
  if (name === undefined) throw new UsageError("arguments", `alert test needs a route; there are ${names.join(", ")}`);
  const route = settings.routes.find((one) => one.name === name);
  if (route === undefined) {
    const hint = didYouMean(name, names) || `; there are ${names.join(", ")}`;
    throw new UsageError("arguments", `${configPath} has no route "${name}"${hint}`);
  }
  const receivers = openReceivers(settings, { env: streams.env });
  let failed = 0;
  try {
    for (const one of new Set([...route.receivers, ...(route.escalate?.receivers ?? [])])) {
      const message = testMessage(`test-${randomUUID()}`, route.name, settings, streams.nowMs());
      const receiver = (await receivers.get(one))!;
      if (options.dryRun) {
        await streams.out(`--- ${route.name} → ${one}: test\n${receiver.preview(message)}\n\n`);
        continue;
      }
      const sending = { key: message.id, earlierTries: 0, replies: [], nowMs: streams.nowMs(), signal };
      const error = await receiver
        .send(message, { ...sending, picture: async () => null })
        .then((outcome) => (outcome.ok ? null : outcome.error), messageOf);
      signal.throwIfAborted();
      if (error === null) log.info(`${one}: delivered`);
      else {
        failed++;
        log.error(`${one}: ${error}`);
      }
    }
  } finally {
    await receivers.close();
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}
