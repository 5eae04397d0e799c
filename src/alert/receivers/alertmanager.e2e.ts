import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertmanagerAvailable, startAlertmanager } from "../testing/alertmanager-server.js";
import { testMessages } from "../testing/messages.js";
import { alertmanager } from "./alertmanager.js";

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

describe.skipIf(!alertmanagerAvailable())("a real Alertmanager (prometheus-alertmanager is installed)", () => {
  let server: Awaited<ReturnType<typeof startAlertmanager>>;
  beforeAll(async () => {
    server = await startAlertmanager();
  }, 600_000);
  afterAll(() => server.stop());

  test("takes every message, keeps an incident as one alert while it is repeated, and resolves it on close", async () => {
    const messages = testMessages();
    const receiver = alertmanager({ url: server.url, user: null, keepAliveMs: 180_000 }, () => undefined);
    const sending = { nowMs: Date.now(), signal: new AbortController().signal };
    const full = { ...sending, key: "k", earlierTries: 0, replies: [], picture: async () => null };
    const alerts = async () =>
      ((await (await fetch(`${server.url}/api/v2/alerts`)).json()) as readonly Alert[]).filter(
        ({ labels }) => labels["incident"] === messages["open"].incident && labels["kind"] === "incident",
      );
    try {
      for (const message of Object.values(messages)) {
        if (message.status === "closed") continue;
        expect(await receiver.send(message, full)).toEqual({ ok: true, reply: null });
      }
      await receiver.send(messages["open"], full);
      const [before] = await alerts();
      await receiver.keepAlive?.say([messages["open"]], { ...sending, nowMs: Date.now() + 60_000 });
      const [after] = await alerts();
      expect(after.labels).toEqual(before.labels);
      expect(Date.parse(after.endsAt)).toBeGreaterThan(Date.parse(before.endsAt));
      const count = (await alerts()).length;
      await receiver.send({ ...messages["close"], labels: messages["open"].labels }, full);
      expect((await alerts()).length).toBe(count - 1);
    } finally {
      await receiver.close();
    }
  });
});
