import uPlot from "uplot";

/*
 * Makes the served pages live: the front page follows the runs, and the chart of an episode can be zoomed. Without it the pages can be
 * read all the same.
 */

/** Runs come one after the other; the page is fetched once for all that came within this time. */
const TOGETHER_MS = 500;

function follow() {
  if (document.querySelector(".strip") === null) return;
  let timer;
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("run", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, TOGETHER_MS);
  });
}

async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = document.querySelector("main");
  const now = fresh.querySelector("main");
  if (main === null || now === null) return;
  // What a reader has opened stays open, and the place of the page stays where it is.
  const open = [...main.querySelectorAll("details")].map((one) => one.open);
  main.replaceChildren(...now.childNodes);
  for (const [i, one] of [...main.querySelectorAll("details")].entries()) one.open = open[i] ?? false;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

async function chart(figure) {
  const response = await fetch(figure.dataset.points);
  if (!response.ok) return;
  const { data } = await response.json();
  const times = data.observed.map((_, i) => data.start + i * data.step_s);
  const [start, end] = [figure.dataset.start, figure.dataset.end].map((iso) => Date.parse(iso) / 1000);
  const zone = figure.dataset.timezone;
  const grid = { stroke: colour("--grid"), width: 1 };
  const axis = { stroke: colour("--faint"), grid, ticks: grid };
  const time = { ...axis, values: (_, moments) => momentWords(moments, zone) };
  const size = { ...axis, size: 70 };
  const line = (label, stroke, more) => ({ label, stroke, width: 1, points: { show: false }, ...more });
  const both = {
    width: figure.clientWidth,
    cursor: { sync: { key: "episode" }, drag: { x: true, y: false } },
    tzDate: (atS) => uPlot.tzDate(new Date(atS * 1000), zone),
    fmtDate: () => dateWords,
    hooks: { drawClear: [shade(start, end)] },
  };
  const value = new uPlot(
    {
      ...both,
      height: 320,
      axes: [time, size],
      series: [
        {},
        line("upper", "transparent"),
        line("lower", "transparent"),
        line("expected", colour("--band"), { dash: [6, 4] }),
        line("24 h before", colour("--k-level_shift")),
        line("72 h before", colour("--k-variance"), { show: false }),
        line("value", colour("--obs"), { width: 1.5 }),
      ],
      bands: [{ series: [1, 2], fill: `color-mix(in srgb, ${colour("--band")} 25%, transparent)` }],
    },
    [times, data.upper, data.lower, data.expected, data.lag_24h, data.lag_72h, data.observed],
    mount(figure),
  );
  const score = new uPlot(
    {
      ...both,
      height: 130,
      axes: [time, size],
      scales: { y: { range: (_, __, high) => [0, Math.max(1.2, high * 1.05)] } },
      series: [
        {},
        line("score", colour("--high"), { width: 1.5 }),
        line("threshold", colour("--axis"), { dash: [3, 3] }),
      ],
    },
    [times, data.score, times.map(() => 1)],
    mount(figure),
  );
  figure.querySelector("img")?.remove();
  addEventListener("resize", () => {
    for (const one of [value, score]) one.setSize({ width: figure.clientWidth, height: one.height });
  });
}

const two = (number) => `${number}`.padStart(2, "0");

function dateWords(date) {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Hours and minutes, and the date where a day begins. */
function momentWords(moments, timeZone) {
  const words = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone, ...options });
  const clock = words({ hour: "2-digit", minute: "2-digit" });
  // Swedish dates are ISO's.
  const date = words({ year: "numeric", month: "2-digit", day: "2-digit" });
  return moments.map((atS, i) => {
    const at = new Date(atS * 1000);
    const isNewDay = i === 0 || date.format(at) !== date.format(new Date(moments[i - 1] * 1000));
    return isNewDay ? `${clock.format(at)}\n${date.format(at).slice(5)}` : clock.format(at);
  });
}

function mount(figure) {
  const place = document.createElement("div");
  figure.append(place);
  return place;
}

/** The span of the episode behind the lines. */
function shade(start, end) {
  return (plot) => {
    const { ctx, bbox } = plot;
    const from = Math.max(bbox.left, plot.valToPos(start, "x", true));
    const to = Math.min(bbox.left + bbox.width, plot.valToPos(end, "x", true));
    if (to <= from) return;
    ctx.save();
    ctx.globalAlpha = 0.18;
    ctx.fillStyle = colour("--ep");
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
    ctx.restore();
  };
}

follow();
for (const figure of document.querySelectorAll("figure.chart")) chart(figure);
