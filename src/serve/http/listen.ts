import { isIP } from "node:net";
import { UsageError } from "../../errors/errors.js";

/** Where the server listens. */
export interface Listen {
  /** Without brackets: `127.0.0.1`, `::1`, `0.0.0.0`, or a name. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** @throws UsageError for anything but `host:port`, `[v6]:port` or `:port`. */
export function parseListen(text: string): Listen {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/\s]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new UsageError("listen", `--listen got "${text}" and needs host:port, such as 127.0.0.1:9977 or [::1]:9977`);
  }
  return { host: match[1] ?? (match[2] === "" ? "0.0.0.0" : (match[2] ?? "")), port };
}

/** Whether only this machine can reach it. A name is not looked up: `localhost` is the one that is known. */
export function isLoopback({ host }: Pick<Listen, "host">): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** As it is written in an address. */
export function hostText({ host }: Pick<Listen, "host">): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
