/** The event loop may be blocked this long. */
const MOST_DELAY_MS = 50;
/** Memory of the last third of a soak over that of the second. */
const MOST_GROWTH = 1.1;
/** Late scrapes that are listed, the worst. */
const MOST_LINES = 5;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** What the soak has shown, in lines, and whether that is as it should be. */
export function verdict({ minutes, kills, calm, killed, living }) {
  const all = [
    compared("killed", calm, killed.episodes()),
    compared("living", calm, living.episodes()),
    memory(living.figures),
    delay("killed", killed.figures),
    delay("living", living.figures),
  ];
  return {
    isGood: all.every(({ isGood }) => isGood),
    lines: [
      `${minutes} minutes, ${kills} × kill -9, ${calm.length} episodes by infer`,
      ...all.flatMap(({ isGood, lines: [first, ...rest] }) => [`${isGood ? "ok  " : "BAD "} ${first}`, ...rest]),
    ],
  };
}

function compared(name, calm, own) {
  const lost = calm.filter((one) => !own.includes(one));
  const others = own.filter((one) => !calm.includes(one));
  const doubled = own.filter((one, i) => own[i - 1] === one);
  return {
    isGood: lost.length + others.length + doubled.length === 0,
    lines: [
      `${name}: ${own.length} episodes; ${lost.length} lost, ${others.length} others, ${doubled.length} doubled`,
      ...lost.map((one) => `       lost   ${one}`),
      ...others.map((one) => `       other  ${one}`),
    ],
  };
}

/** The first third is not looked at: heaps and caches fill until then. */
function memory({ rssMb }) {
  const third = Math.floor(rssMb.length / 3);
  const [first, middle, last] = [0, 1, 2].map((i) => median(rssMb.slice(i * third, (i + 1) * third)));
  const range = `${Math.min(...rssMb).toFixed(0)} to ${Math.max(...rssMb).toFixed(0)} MB`;
  const thirds = [first, middle, last].map((mb) => mb?.toFixed(0)).join(", ");
  return {
    isGood: last <= middle * MOST_GROWTH,
    lines: [`living: memory ${range}, medians of the three thirds ${thirds} MB`],
  };
}

/** Where an idle thread was as late in the same seconds, the machine had no processor for either. */
function delay(name, { delayMs, idleMs }) {
  const own = delayMs
    .map((ms, i) => ({ ms, idle: idleMs[i], extra: ms - idleMs[i] }))
    .sort((a, b) => b.extra - a.extra);
  const late = own.filter(({ ms }) => ms > MOST_DELAY_MS);
  const blocked = own.filter(({ extra }) => extra > MOST_DELAY_MS);
  const ofIdle = idleMs.filter((ms) => ms > MOST_DELAY_MS).length;
  return {
    isGood: own.length > 0 && blocked.length === 0,
    lines: [
      `${name}: event loop over ${MOST_DELAY_MS} ms late in ${late.length} of ${own.length} scrapes, ${blocked.length} by itself; an idle thread in ${ofIdle}; median ${median(delayMs).toFixed(0)} ms`,
      ...late
        .slice(0, MOST_LINES)
        .map(({ ms, idle }) => `       ${ms.toFixed(0)} ms, an idle thread ${idle.toFixed(0)} ms in the same seconds`),
    ],
  };
}
