export const RECEIVER_KINDS = ["prometheus", "victoriametrics"] as const;

/** A server that takes samples by remote write. */
export interface Receiver {
  readonly kind: (typeof RECEIVER_KINDS)[number];
  /** Without `/api/v1/write`. */
  readonly url: string;
}

/** `prometheus=https://prometheus.example.org`; undefined where it is none. @param readUrl checks and trims the address. */
export function readReceiver(text: string, readUrl: (url: string) => string | undefined): Receiver | undefined {
  const [, name, address] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const kind = RECEIVER_KINDS.find((known) => known === name);
  const url = address === undefined ? undefined : readUrl(address);
  return kind === undefined || url === undefined ? undefined : { kind, url };
}
