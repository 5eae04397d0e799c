import type { AlertSettings } from "../settings/settings.js";
import { type OpenReceiver, openReceiver } from "./open.js";
import type { Receiver } from "./receiver.js";

/** The receivers of the settings, each opened when it is first needed. */
export interface Receivers {
  readonly names: readonly string[];
  readonly get: (name: string) => Promise<Receiver | undefined>;
  readonly close: () => Promise<void>;
}

export function openReceivers({ receivers }: Pick<AlertSettings, "receivers">, around: OpenReceiver): Receivers {
  const opened = new Map<string, Promise<Receiver>>();
  return {
    names: Object.keys(receivers),
    get: async (name) => {
      if (!Object.hasOwn(receivers, name)) return undefined;
      const receiver = opened.get(name) ?? openReceiver(receivers[name], around);
      opened.set(name, receiver);
      return receiver;
    },
    close: async () => {
      await Promise.all([...opened.values()].map(async (one) => (await one).close()));
    },
  };
}
