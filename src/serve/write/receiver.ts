import { createHash } from "node:crypto";
import { placeOf } from "../../http/failure.js";
import { joinUrl } from "../../sources/join-url.js";
import type { Receiver } from "./receiver-spec.js";

/** Where samples are posted. */
export const writeUrl = ({ url }: Receiver) => joinUrl(url, "api/v1/write");

/** How it is named in metrics and messages: host and path, without anything secret. */
export const receiverName = ({ kind, url }: Receiver) => `${kind} ${placeOf(url).replace(/\/$/, "")}`;

/** The folder of its queue: the same for the same address. */
export function receiverFolder({ kind, url }: Receiver): string {
  const host = new URL(url).host.replace(/[^a-zA-Z0-9.-]/g, "_");
  return `${kind}-${host}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}
