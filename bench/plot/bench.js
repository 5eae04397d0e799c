// 100 pictures of episodes with 24 hours of one-minute slots and two weeks before them: seconds a picture after start-up with one
// thread and with two, CPU seconds over wall seconds (2.0: both cores are used), and how the memory grows.
//   npm run bench:plot            prints a table;  -- --json  prints one object;  -- --small  draws 4, to show that it runs
import { drawAll } from "../../dist/plot/draw-all.js";

const PICTURES = process.argv.includes("--small") ? 4 : 100;
const MINUTES = 1440;
const startMs = Date.UTC(2025, 6, 1, 12);

/** A small generator (mulberry32), so that every run draws the same. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function record(i) {
  const next = random(i + 1);
  const wave = (minute) => 0.05 + 0.02 * Math.sin((2 * Math.PI * minute) / MINUTES);
  const slots = (of) => Array.from({ length: MINUTES }, (_, k) => Number(of(k).toPrecision(6)));
  const observed = slots((k) => wave(k) * (0.95 + 0.1 * next()) * (k >= 720 && k < 900 ? 3 : 1));
  const hours = (factor) => Array.from({ length: 360 }, (_, k) => Number((wave(k * 60) * factor).toPrecision(4)));
  const iso = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");
  return {
    schema: "anomaly/1",
    machine: `n${200 + i}-primary-example-com`,
    aggregator: "visit_length_hour",
    id: `id-${i}`,
    timestamp: iso(startMs + 740 * 60_000),
    start: iso(startMs + 720 * 60_000),
    end: iso(startMs + 900 * 60_000),
    alerted_at: iso(startMs + 722 * 60_000),
    severity: "high",
    kind: "level_shift",
    direction: "up",
    status: "closed",
    series: "s",
    target: "s",
    labels: {},
    duration_s: 10_800,
    points: 180,
    step_s: 60,
    score: 3.1,
    observed: 0.2,
    expected: 0.05,
    lower: 0.04,
    upper: 0.06,
    reasons: ["3.1× above the band", "2.9× the value 24 h ago"],
    unit: null,
    model: "default",
    detected_at: iso(startMs),
    max_value: 0.21,
    avg_value: 0.06,
    valid_pct: 1,
    min_value: 0.03,
    p50_value: 0.05,
    p95_value: 0.2,
    baseline_value: 0.05,
    last_good_value: 0.05,
    last_good_at: iso(startMs + 719 * 60_000),
    duration_so_far_s: 10_800,
    window: { start: iso(startMs), end: iso(startMs + MINUTES * 60_000), mode: "centred" },
    context: {
      start: iso(startMs),
      step_s: 60,
      observed,
      expected: slots(wave),
      lower: slots((k) => wave(k) * 0.8),
      upper: slots((k) => wave(k) * 1.2),
      lag_24h: slots((k) => wave(k) * 1.05),
      lag_72h: slots((k) => wave(k) * 0.97),
    },
    history: {
      start: iso(startMs - 14 * 86_400_000),
      step_s: 3600,
      low: hours(0.9),
      median: hours(1),
      high: hours(1.1),
    },
  };
}

const jobs = Array.from({ length: PICTURES }, (_, i) => ({ kind: "episode", records: [record(i)] }));

async function measure(threads, scale) {
  const rss = [];
  let beganMs = 0;
  let began = process.cpuUsage();
  let bytes = 0;
  await drawAll(
    jobs,
    { format: "png", theme: "light", scale },
    {
      threads,
      onDrawn: (i, drawn) => {
        bytes += drawn.content.length;
        // The first of each thread loads the libraries: that is start-up.
        if (i === threads - 1) {
          beganMs = performance.now();
          began = process.cpuUsage();
        }
        rss.push(process.memoryUsage.rss() / 2 ** 20);
      },
    },
  );
  const wall = (performance.now() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(began);
  return {
    threads,
    scale,
    seconds_a_picture: Number((wall / (PICTURES - threads)).toFixed(4)),
    // What one core would take, whatever else the machine is doing.
    processor_seconds_a_picture: Number(((user + system) / 1e6 / (PICTURES - threads)).toFixed(4)),
    cores: Number(((user + system) / 1e6 / wall).toFixed(2)),
    mb_after_a_fifth: Math.round(rss[Math.ceil(PICTURES / 5) - 1]),
    mb_at_the_end: Math.round(rss[PICTURES - 1]),
    kb_a_picture: Math.round(bytes / PICTURES / 1000),
  };
}

const rows = [];
for (const scale of [1, 2]) for (const threads of [1, 2]) rows.push(await measure(threads, scale));
if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else console.table(rows);
