import type { TlsOptions } from "../../http/tls.js";
import { type Delivered, type DeliverOptions, deliver } from "../write/deliver.js";
import { receiverName } from "../write/receiver.js";
import { receiverClient } from "../write/receiver-client.js";
import type { Receiver } from "../write/receiver-spec.js";
import type { SampleSeries } from "../write/sample-series.js";
import { slicesOf } from "../write/slices.js";

/** Receivers that a backfill is sent to, one after the other. */
export interface BackfillTarget {
  /** @throws OutOfPatience where a receiver takes nothing; what the signal was aborted with. */
  readonly send: (samples: readonly SampleSeries[]) => Promise<readonly { name: string; delivered: Delivered }[]>;
  readonly close: () => Promise<void>;
}

/** Two to three minutes, with the back-off: whoever waits for a backfill can begin it again. */
const RETRIES = 10;

export function backfillTarget(
  receivers: readonly Receiver[],
  tls: TlsOptions,
  env: Readonly<Record<string, string | undefined>>,
  {
    nowMs,
    sleep,
    onFailure,
  }: Pick<DeliverOptions, "sleep"> & {
    readonly nowMs: () => number;
    readonly onFailure: (name: string, said: string) => void;
  },
): BackfillTarget {
  const clients = receivers.map((one) => ({ name: receiverName(one), client: receiverClient(one, env, tls, nowMs) }));
  return {
    send: async (samples) => {
      const all: { name: string; delivered: Delivered }[] = [];
      for (const slice of slicesOf(samples)) {
        for (const { name, client } of clients) {
          const options = { client, sleep, onFailure: (said: string) => onFailure(name, said) };
          all.push({
            name,
            delivered: await deliver(slice, false, { ...options, random: Math.random, retries: RETRIES }),
          });
        }
      }
      return all;
    },
    close: async () => {
      await Promise.all(clients.map(({ client }) => client.close()));
    },
  };
}
