/* Longer than most: one entry for each kind of value, nothing else. */
import { DETECTOR_NAMES, isDetectorName } from "../../detectors/registry.js";
import { splitSpecs } from "../../detectors/spec.js";
import { isThreshold } from "../../detectors/threshold.js";
import { parseMatcher } from "../../records/matcher.js";
import { type Receiver, readReceiver } from "../../serve/write/receiver-spec.js";
import { type NamedQuery, readQuery } from "../../sources/promql/named-query.js";
import type { VariableValues } from "../../sources/variable-values.js";
import { EVENT_KINDS, type EventKind } from "../../store/events.js";
import { parseDuration } from "../../time/duration.js";

/** Reads one value from its text, whether it came as a flag, from the environment or from anomaly.yaml. */
export interface Parser<T> {
  /** What is needed, to follow "needs": `"a share from 0 to 1, such as 0.05"`. */
  readonly needs: string;
  /** The value, or undefined where the text is none. */
  readonly read: (text: string) => T | undefined;
  /** All values there are, for completion and for naming the nearest one. */
  readonly choices?: readonly string[];
}

/** An on/off option: present on the command line, or `true`/`false`, `1`/`0` elsewhere. */
export const flag: Parser<boolean> = {
  needs: "true or false",
  read: (text) => (/^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : undefined),
};

/** Any text that is not empty. */
export const text: Parser<string> = {
  needs: "a text that is not empty",
  read: (value) => (value === "" ? undefined : value),
};

/** One of a few words. */
export function choice<const T extends string>(...values: readonly T[]): Parser<T> {
  return {
    needs: `one of ${values.join(", ")}`,
    read: (value) => values.find((known) => known === value),
    choices: values,
  };
}

/** A finite number, optionally within inclusive bounds. */
export function number(needs: string, low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY): Parser<number> {
  return {
    needs,
    read: (value) => {
      const parsed = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;
      return parsed >= low && parsed <= high && Number.isFinite(parsed) ? parsed : undefined;
    },
  };
}

/** A whole number within inclusive bounds. */
export function integer(needs: string, low: number, high: number): Parser<number> {
  const bounded = number(needs, low, high);
  return {
    needs,
    read: (value) => {
      const parsed = bounded.read(value);
      return parsed !== undefined && Number.isInteger(parsed) ? parsed : undefined;
    },
  };
}

/** A duration in milliseconds. */
export const duration: Parser<number> = {
  needs: "a duration, such as 90s, 5min, 24h or 7d",
  read: (value) => {
    try {
      return parseDuration(value);
    } catch {
      return undefined;
    }
  },
};

/** Names of labels, separated by commas, each once. */
export const labelNames: Parser<readonly string[]> = {
  needs: "labels separated by commas, such as machine or cluster,service",
  read: (value) => {
    const names = value.split(",").map((name) => name.trim());
    return names.includes("") || new Set(names).size < names.length ? undefined : names;
  },
};

/** A duration of at least a second, in milliseconds. */
export const longDuration: Parser<number> = {
  needs: "a duration of at least 1s, such as 7d",
  read: (value) => {
    const ms = duration.read(value);
    return ms !== undefined && ms >= 1000 ? ms : undefined;
  },
};

const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

/** A size in bytes. */
export const byteSize: Parser<number> = {
  needs: "a size, such as 64MB, 4GB or 512MiB",
  read: (value) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*((?:[kmg]i?)?)b?$/i.exec(value) ?? [];
    const bytes = digits === undefined ? Number.NaN : Math.round(Number(digits) * BYTE_UNITS[unit.toLowerCase()]);
    return bytes > 0 ? bytes : undefined;
  },
};

/** A model's, label's or simulation's name that is safe as a file name. */
export const fileName: Parser<string> = {
  needs: "a name of letters, digits, dot, dash and underscore, or the path of a model's folder",
  read: (value) => (/^[^\0]+$/.test(value) && value.trim() === value ? value : undefined),
};

/** The part of an http URL before `?`, without credentials in it: those would end in logs and process lists. */
export const serverUrl: Parser<string> = {
  needs:
    "an http:// or https:// address without user name, password and query in it, such as https://grafana.example.org",
  read: (value) => {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    const usable = /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.search === "";
    return usable ? value.replace(/\/+$/, "") : undefined;
  },
};

/** A server that takes samples. */
export const receiver: Parser<Receiver> = {
  needs: "prometheus=URL or victoriametrics=URL, such as victoriametrics=https://vm.example.org",
  read: (value) => readReceiver(value, serverUrl.read),
};

/** Where a store is kept. An address is looked at closely once it is opened; a password is refused here, before anything shows it. */
export const storePlace: Parser<string> = {
  needs: "a folder, a file ending in .db, none, or postgres://user@host/database without a password in it",
  read: (value) => {
    if (value === "") return undefined;
    if (!/^[a-z]+:\/\//i.test(value)) return value;
    if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) return undefined;
    return new URL(value).password === "" ? value : undefined;
  },
};

/** A condition on a label or a field, kept as it was written. */
export const matcher: Parser<string> = {
  needs: "a matcher of a label and a value, such as machine=n2*, severity!=low or dc=~eu|us",
  read: (value) => {
    try {
      parseMatcher(value);
      return value;
    } catch {
      return undefined;
    }
  },
};

/** The kind of events, and where they come from: `holiday=holidays.ics`. */
export const eventSource: Parser<{ readonly kind: EventKind; readonly place: string }> = {
  needs: `a kind and a place, such as holiday=holidays.ics; kinds are ${EVENT_KINDS.join(", ")}; no user name or password in an address`,
  read: (value) => {
    const [, word, place] = /^(\w+)=(.+)$/.exec(value) ?? [];
    const kind = EVENT_KINDS.find((known) => known === word);
    if (kind === undefined || /^\w+:\/\/[^/]*@/.test(place)) return undefined;
    return { kind, place };
  },
};

export const variable: Parser<VariableValues> = {
  needs: "name=value,value, such as machine=n200,n201 or machine=n*",
  read: (value) => {
    const match = /^([A-Za-z_]\w*)=(.+)$/.exec(value);
    if (match === null) return undefined;
    // A comma inside {a,b} belongs to a Graphite glob, not to the list.
    const values = match[2].split(/,(?![^{]*\})/).map((part) => part.trim());
    return values.includes("") ? undefined : { name: match[1], values };
  },
};

/** A PromQL expression, which may have a name. */
export const query: Parser<NamedQuery> = {
  needs: "an expression, or a name and an expression, such as lag='max by (instance) (lag_seconds)'",
  read: readQuery,
};

/** A span of time as it was written, `<from>/<until>`; its ends are read once the zone is known. */
export interface SpanText {
  readonly from: string;
  readonly until: string;
}

export const span: Parser<SpanText> = {
  needs: "<from>/<until>, such as 2025-06-01/2025-06-03",
  read: (value) => {
    const parts = value.split("/");
    return parts.length === 2 && parts[0] !== "" && parts[1] !== "" ? { from: parts[0], until: parts[1] } : undefined;
  },
};

/** `strict` (p99), `permissive` (p95) or `pNN.N`, as the quantile 0-1 of normal scores that is let pass. */
export const threshold: Parser<string> = {
  needs: "strict (p99), permissive (p95) or a percentile such as p99.5",
  read: (value) => (isThreshold(value) ? value : undefined),
  choices: ["strict", "permissive", "p99", "p99.5", "p99.9"],
};

/** An alert budget: `2/week` for each series, `1/day` also. The value is episodes a week. */
export const episodeBudget: Parser<number> = {
  needs: "a number of episodes a series and a time, such as 2/week or 1/day",
  read: (value) => {
    const match = /^(\d+(?:\.\d+)?)\/(week|w|day|d)$/.exec(value);
    if (match === null || !(Number(match[1]) > 0)) return undefined;
    return Number(match[1]) * (match[2].startsWith("d") ? 7 : 1);
  },
};

/** `auto`, or a detector with or without options: `dynamics:bucket=15m`; several are separated by commas. */
export const detector: Parser<string> = {
  needs: `one of ${["auto", ...DETECTOR_NAMES].join(", ")}`,
  read: (value) => {
    try {
      const specs = splitSpecs(value);
      return specs.every((spec) => spec === "auto" || isDetectorName(spec)) ? specs.join(",") : undefined;
    } catch {
      return undefined;
    }
  },
  choices: ["auto", ...DETECTOR_NAMES],
};

/** An option of a detector. */
export interface DetectorSetting {
  readonly detector: string;
  readonly option: string;
  readonly value: string;
}

/** `dynamics.bucket=15m`. Whether the detector has the option is seen when it is loaded. */
export const detectorSetting: Parser<DetectorSetting> = {
  needs: "<detector>.<option>=<value>, such as dynamics.bucket=15m",
  read: (value) => {
    const match = /^([a-z]+)\.([a-z][a-z-]*)=([^,]+)$/.exec(value);
    return match === null || !isDetectorName(match[1])
      ? undefined
      : { detector: match[1], option: match[2], value: match[3] };
  },
};
