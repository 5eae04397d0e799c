import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measured } from "./measured.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The folder with make_fleet.py and peer_train.py: as given, BENCH_PEER, or shared/bench beside the project. */
export function peerFolder(given) {
  const folder = given ?? process.env.BENCH_PEER ?? join(ROOT, "../shared/bench");
  return existsSync(join(folder, "peer_train.py")) && existsSync(join(folder, "make_fleet.py")) ? folder : undefined;
}

/** One run of the peer, what pandas and scikit-learn do for the same job: seconds of its stages, as it prints them itself. */
export function runPeer(folder, mode, history) {
  const run = measured("/usr/bin/python3", [join(folder, "peer_train.py"), history, mode]);
  const figures = /read ([\d.]+) features ([\d.]+) fit ([\d.]+) score ([\d.]+) total ([\d.]+)/.exec(run.out);
  if (figures === null) throw new Error(`the peer printed something else than its figures: ${run.out}`);
  const [read, features, fit, score, total] = figures.slice(1).map(Number);
  return { read, features, fit, score, total, cpu: run.cpu, peakMb: run.peakMb };
}

/** Seconds in which pandas' C reader reads the same files, times parsed. */
export function runPandas(history) {
  const code =
    "import glob,sys,time,pandas as pd;t=time.time()\n" +
    "for p in sorted(glob.glob(sys.argv[1]+'/*.csv')):\n" +
    " f=pd.read_csv(p);f['Time']=pd.to_datetime(f['Time'],utc=True);f=f.set_index('Time').sort_index()\n" +
    "print(time.time()-t)";
  return Number(measured("/usr/bin/python3", ["-c", code, history]).out);
}
