import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePorts, stopChild, until } from "../../sources/testing/child-servers.js";

const ALERTMANAGER = "/usr/bin/prometheus-alertmanager";
/** Whether Debian's prometheus-alertmanager is installed. */
export const alertmanagerAvailable = () => existsSync(ALERTMANAGER);

/** A real Alertmanager on loopback that tells nobody. */
export async function startAlertmanager(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), "anomaly-alertmanager-"));
  writeFileSync(join(home, "am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
  const [port] = await freePorts(1);
  const child = spawn(
    ALERTMANAGER,
    [
      `--config.file=${home}/am.yml`,
      `--storage.path=${home}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { stdio: "ignore" },
  );
  const url = `http://127.0.0.1:${port}`;
  await until(() => answers(`${url}/-/ready`), [child], "prometheus-alertmanager");
  return {
    url,
    stop: async () => {
      await stopChild(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
