import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { eventually, type RunningServe, startServe } from "../cli/serve/testing/running-serve.js";
import { ROOT } from "../cli/testing/built.js";
import { answers, freePorts, stopChild, until } from "../sources/testing/child-servers.js";
import { prometheusAvailable } from "../sources/testing/promql-servers.js";
import { openPlace, type Place } from "./testing/place.js";

const deploy = (name: string) => readFileSync(join(ROOT, "deploy", name), "utf8");
interface Compose {
  readonly services: Readonly<Record<string, { readonly healthcheck?: { readonly test: readonly string[] } }>>;
}

/* What compose.yaml would start, without containers: the same files, with addresses of this machine in them. */
describe.skipIf(!prometheusAvailable())(
  "the compose example on this machine (skipped without Debian's prometheus)",
  { timeout: 600_000 },
  () => {
    let place: Place;
    let serve: RunningServe;
    let prometheus: ChildProcess;
    let prometheusUrl: string;
    let token: string;

    beforeAll(async () => {
      place = openPlace({ data: false });
      cpSync(join(ROOT, "deploy"), place.path("deploy"), { recursive: true });
      // The lines at the top of compose.yaml, as somebody would type them; the last one starts the containers.
      const lines = [...deploy("compose.yaml").matchAll(/^# {3}(.*)$/gm)].map(([, line]) => line);
      expect(lines.at(-1)).toContain("docker compose up");
      const made = await place.sh(["cd deploy", ...lines.slice(0, -1)].join(" && "));
      expect(made.status, made.stderr).toBe(0);
      token = place.read("deploy/token");

      const [port] = await freePorts(1);
      prometheusUrl = `http://127.0.0.1:${port}`;
      const settings = deploy("anomaly.yaml").replace("http://prometheus:9090", prometheusUrl);
      expect(settings).toContain(prometheusUrl);
      writeFileSync(place.path("anomaly.yaml"), settings);
      const command = /^CMD (\[.*\])$/m.exec(deploy("Dockerfile"))?.[1] ?? "[]";
      const args = (JSON.parse(command) as string[])
        .slice(2)
        .map((arg) => arg.replace("/run/secrets/anomaly-credentials", "deploy/credentials").replace(":9977", ":0"));
      expect(args).toContain("deploy/credentials");
      serve = await startServe({ folder: place.folder, path: `${place.path("bin")}:${process.env["PATH"]}` }, args);

      const { host } = new URL(serve.address);
      const config = deploy("prometheus.yml")
        .replace("anomaly:9977", host.replace("0.0.0.0", "127.0.0.1"))
        .replace("localhost:9090", `127.0.0.1:${port}`)
        .replace("/run/secrets/anomaly-token", place.path("deploy/token"))
        .replace("[anomaly.rules.yaml]", `[${place.path("deploy/anomaly.rules.yaml")}]`)
        .replaceAll("1m", "1s");
      writeFileSync(place.path("prometheus.yml"), config);
      prometheus = spawn(
        "/usr/bin/prometheus",
        ["--config.file=prometheus.yml", "--storage.tsdb.path=tsdb", `--web.listen-address=127.0.0.1:${port}`],
        { cwd: place.folder, stdio: "ignore" },
      );
      await until(() => answers(`${prometheusUrl}/-/ready`), [prometheus], "prometheus");
    }, 600_000);
    afterAll(async () => {
      await serve?.end();
      if (prometheus !== undefined) await stopChild(prometheus);
      place?.remove();
    });

    const asked = async (path: string) => {
      const { data } = (await (await fetch(`${prometheusUrl}${path}`)).json()) as {
        data: {
          readonly result: readonly { readonly value: readonly [number, string] }[];
          readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly health: string }[] }[];
        };
      };
      return data;
    };

    test("Prometheus scrapes serve with the token, keeps the job's name, and evaluates the rules", async () => {
      const up = () => asked(`/api/v1/query?query=${encodeURIComponent('up{job="anomaly"}')}`);
      await eventually(async () => ((await up()).result[0]?.value[1] === "1" ? true : undefined));
      const runs = () => asked(`/api/v1/query?query=${encodeURIComponent('anomaly_runs_total{job="scrapes"}')}`);
      await eventually(async () => ((await runs()).result.length > 0 ? true : undefined));
      const rules = async () => {
        const { groups } = await asked("/api/v1/rules");
        return groups.flatMap((group) => group.rules);
      };
      const all = await eventually(async () => {
        const now = await rules();
        return now.length > 5 && now.every(({ health }) => health === "ok") ? now : undefined;
      });
      expect(all.map(({ name }) => name)).toContain("AnomalyDown");
    });

    test("serve answers Grafana by the name of its container, with the token that Grafana is given", async () => {
      const { services } = parse(deploy("compose.yaml")) as Compose;
      const file = deploy("grafana/provisioning/datasources/anomaly.yaml");
      const { datasources } = parse(file) as {
        datasources: readonly { url: string; secureJsonData?: { httpHeaderValue1: string } }[];
      };
      for (const { url } of datasources) expect(Object.keys(services)).toContain(new URL(url).hostname);
      const own = datasources.find(({ secureJsonData }) => secureJsonData !== undefined);
      const ask = async (headers: Record<string, string>) => {
        const { port } = new URL(serve.address);
        const sent = request({ host: "127.0.0.1", port, path: "/api/v1/query?query=1", headers });
        const answer = await new Promise<import("node:http").IncomingMessage>((done) =>
          sent.once("response", done).end(),
        );
        return { status: answer.statusCode, body: await text(answer) };
      };
      const host = new URL(own?.url ?? "").host;
      const authorization = own?.secureJsonData?.httpHeaderValue1.replace("$ANOMALY_TOKEN", token) ?? "";
      expect(await ask({ host, authorization })).toMatchObject({ status: 200 });
      expect((await ask({ host })).status).toBe(401);
      expect((await ask({ host: "elsewhere:9977", authorization })).status).toBe(421);
    });

    test("the health check of the container finds it healthy, and nothing where it is not", () => {
      const { services } = parse(deploy("compose.yaml")) as Compose;
      const [kind, ...command] = services["anomaly"].healthcheck?.test ?? [];
      expect(kind).toBe("CMD");
      const check = (port: string) => {
        const [program, ...args] = command.map((word) => word.replace("9977", port));
        return spawnSync(program, args).status;
      };
      expect(check(new URL(serve.address).port)).toBe(0);
      expect(check("1")).toBe(1);
    });
  },
);

test("the Dockerfile copies all that the build and the command need", { timeout: 600_000 }, () => {
  const place = openPlace({ data: false });
  try {
    const [build, image] = deploy("Dockerfile")
      .split(/^FROM .*$/m)
      .slice(1);
    const copies = (stage: string) =>
      [...stage.matchAll(/^COPY (?!--from)(.*)$/gm)].flatMap(([, words]) => words.split(" ").slice(0, -1));
    const ignored = deploy("Dockerfile.dockerignore");
    mkdirSync(place.path("build"));
    for (const name of [...copies(build), ...copies(image)]) {
      expect(existsSync(join(ROOT, name)), name).toBe(true);
      expect(ignored).toContain(`!${name}\n`);
    }
    for (const name of copies(build)) cpSync(join(ROOT, name), place.path("build", name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), place.path("build/node_modules"));
    const built = spawnSync("npm", ["run", "-s", "build"], { cwd: place.path("build"), encoding: "utf8" });
    expect(built.status, built.stdout + built.stderr).toBe(0);
    for (const name of copies(image)) cpSync(join(ROOT, name), place.path("build", name), { recursive: true });
    const ran = spawnSync("node", [place.path("build/bin/anomaly.js"), "--version"], { encoding: "utf8" });
    expect(ran.status, ran.stderr).toBe(0);
  } finally {
    place.remove();
  }
});
