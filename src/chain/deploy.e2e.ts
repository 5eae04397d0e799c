import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openPlace, type Place } from "./testing/place.js";

const DEPLOY = "deploy";
const yamlFiles = (readdirSync(DEPLOY, { recursive: true }) as string[]).filter((name) => /\.ya?ml$/.test(name));
const has = (command: string) => spawnSync(command, ["--version"]).error === undefined;

describe("the files in deploy/", () => {
  let place: Place;
  beforeAll(() => {
    place = openPlace({ data: false });
    cpSync(DEPLOY, place.path("deploy"), { recursive: true });
  });
  afterAll(() => place.remove());

  test.each(yamlFiles)("%s is YAML", (name) => {
    expect(typeof parse(readFileSync(join(DEPLOY, name), "utf8"))).toBe("object");
  });

  test("the settings are taken by this program, and rules and dashboards can be made from them", async () => {
    const made = await place.sh(
      "cd deploy && anomaly config show --config anomaly.yaml && anomaly rules --config anomaly.yaml -o anomaly.rules.yaml && anomaly dashboards --config anomaly.yaml -o grafana/dashboards",
    );
    expect(made.status, made.stderr).toBe(0);
    expect(place.files("deploy/grafana/dashboards")).toEqual([
      "anomaly-fleet.json",
      "anomaly-health.json",
      "anomaly-series.json",
    ]);
  });

  test("compose mounts only what is in the folder or made by the lines at its top", () => {
    const text = readFileSync(join(DEPLOY, "compose.yaml"), "utf8");
    const { services, secrets } = parse(text) as {
      services: Record<string, { volumes?: readonly string[] }>;
      secrets: Record<string, { file: string }>;
    };
    const mounted = [
      ...Object.values(services).flatMap(({ volumes = [] }) => volumes.map((one) => one.split(":")[0])),
      ...Object.values(secrets).map(({ file }) => file),
    ].filter((path) => path.startsWith("./"));
    const head = text.slice(0, text.indexOf("services:"));
    const missing = mounted.filter((path) => !existsSync(join(DEPLOY, path)) && !head.includes(path.slice(2)));
    expect(missing).toEqual([]);
  });

  test.skipIf(!has("promtool"))("promtool takes the configuration (skipped without Debian's prometheus)", () => {
    const folder = mkdtempSync(join(tmpdir(), "anomaly-deploy-"));
    try {
      // Secrets are read from where the container has them.
      const config = readFileSync(join(DEPLOY, "prometheus.yml"), "utf8").replace("/run/secrets/", `${folder}/`);
      writeFileSync(join(folder, "prometheus.yml"), config);
      writeFileSync(join(folder, "anomaly-token"), "x");
      writeFileSync(join(folder, "anomaly.rules.yaml"), "groups: []\n");
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "config", join(folder, "prometheus.yml")], {
        encoding: "utf8",
      });
      expect(status, stdout + stderr).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.skipIf(!has("systemd-analyze"))("systemd takes the unit (skipped without systemd-analyze)", () => {
    const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", join(DEPLOY, "anomaly.service")], {
      encoding: "utf8",
    });
    expect((stdout + stderr).split("\n").filter((line) => line.includes("anomaly.service"))).toEqual([]);
  });
});
