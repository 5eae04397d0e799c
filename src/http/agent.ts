import { rootCertificates } from "node:tls";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import { ConfigError } from "../errors/errors.js";
import { type OpeningTunnels, proxyPool } from "./proxy.js";
import { type TlsOptions, tlsConnect } from "./tls.js";

/** What opens connections, and which tunnels it waits for. */
export interface Agent {
  readonly dispatcher: Dispatcher;
  readonly opening: OpeningTunnels;
}

/**
 * Connections that are used again, through the proxies that the environment names.
 *
 * @param timeoutMs for the opening of a tunnel. @throws ConfigError for a proxy whose address is none.
 */
export function openAgent(maxConnections: number | undefined, tls: TlsOptions, timeoutMs: number): Agent {
  for (const name of ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"]) checkProxy(name, process.env[name]);
  const connect = tlsConnect(tls, rootCertificates);
  const opening: OpeningTunnels = new Map();
  // The same to a server behind a proxy as to one that is asked directly.
  const secure = { ...connect, ca: connect.ca === undefined ? undefined : [...connect.ca] };
  const dispatcher = new EnvHttpProxyAgent({
    connections: maxConnections ?? 8,
    connect: secure,
    requestTls: secure,
    clientFactory: proxyPool(opening, timeoutMs),
  });
  return { dispatcher, opening };
}

/** The address may hold a password, so that it is not repeated. */
function checkProxy(name: string, address: string | undefined): void {
  if (address === undefined || address === "") return;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && isWellEncoded(address)) return;
  throw new ConfigError("proxy", `${name} is not the address of a proxy; write it like http://proxy.example.com:3128`);
}

function isWellEncoded(address: string): boolean {
  const { username, password } = new URL(address);
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}
