import { formatDuration, MINUTE_MS } from "../time/duration.js";

/** What rules are written from. */
export interface RuleJob {
  readonly name: string;
  readonly everyMs: number;
}

export interface RuleOptions {
  /** How long a score must stay over 1 before it is an alert; 0: at once. */
  readonly forMs: number;
  /** Share (0–1) of a job's series that must be scored. */
  readonly coverage: number;
}

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** Findings carry the data's time, which a late source or a coarse step puts far behind the scrape's. */
const LEAST_WINDOW_MS = 15 * MINUTE_MS;
/** This many intervals without a run that worked are an outage of the tool. */
const MISSED_RUNS = 5;
const SCORED_RATIO = "job:anomaly_series:scored_ratio";

/**
 * Alerting and recording rules for Prometheus and vmalert, on the metrics that `/metrics` shows. One group for all jobs of one interval,
 * because how late a finding may be depends on it, and one for the tool itself.
 */
export function rulesFor(jobs: readonly RuleJob[], { forMs, coverage }: RuleOptions): RuleFile {
  const byInterval = new Map<number, string[]>();
  for (const { name, everyMs } of jobs) byInterval.set(everyMs, [...(byInterval.get(everyMs) ?? []), name]);
  return {
    groups: [
      ...[...byInterval]
        .sort(([a], [b]) => a - b)
        .map(([everyMs, names]) => ({
          name: `anomaly-every-${promDuration(everyMs)}`,
          rules: jobRules(names, everyMs, forMs, coverage),
        })),
      { name: "anomaly-tool", rules: toolRules() },
    ],
  };
}

function jobRules(names: readonly string[], everyMs: number, forMs: number, coverage: number): readonly Rule[] {
  const window = promDuration(Math.max(LEAST_WINDOW_MS, 3 * everyMs));
  const escaped = names.map((name) => name.replaceAll(".", "\\\\.")).join("|");
  const job = names.length === 1 ? `job="${names[0]}"` : `job=~"${escaped}"`;
  const late = promDuration(Math.max(LEAST_WINDOW_MS, MISSED_RUNS * everyMs));
  const every = promDuration(everyMs);
  return [
    {
      alert: "AnomalousSeries",
      expr: `last_over_time(anomaly_score{${job}}[${window}]) > 1`,
      ...held(forMs),
      labels: { severity: "warning", every },
      annotations: {
        summary: "{{ $labels.machine }} {{ $labels.for }} is anomalous",
        description: "Its score is {{ $value | humanize }}; 1 is the alerting threshold. Job {{ $labels.job }}.",
      },
    },
    {
      alert: "CriticalEpisodes",
      expr: `anomaly_job_open_episodes{${job},severity="critical"} > 0`,
      ...held(forMs),
      labels: { severity: "critical", every },
      annotations: {
        summary: "{{ $value }} critical episodes in job {{ $labels.job }}",
        description: "anomaly show lists them, worst first.",
      },
    },
    {
      alert: "SeriesNotSeen",
      expr: `anomaly_status{${job},status=~"stale|no_data|failed"} == 1`,
      for: late,
      labels: { severity: "warning", every },
      annotations: {
        summary: "{{ $labels.machine }} {{ $labels.for }} is {{ $labels.status }}",
        description:
          "It is not scored, so nothing would be found. Check the exporter and the source of job {{ $labels.job }}.",
      },
    },
    {
      alert: "AnomalyCoverageLow",
      expr: `${SCORED_RATIO}{${job}} < ${coverage}`,
      for: late,
      labels: { severity: "warning", every },
      annotations: {
        summary: "only {{ $value | humanizePercentage }} of the series of job {{ $labels.job }} are scored",
        description: "The statuses of the others say why: anomaly_series by status.",
      },
    },
    {
      alert: "AnomalyNotRunning",
      expr: `time() - anomaly_last_success_timestamp_seconds{${job}} > ${Math.round(Math.max(LEAST_WINDOW_MS, MISSED_RUNS * everyMs) / 1000)}`,
      labels: { severity: "critical", every },
      annotations: {
        summary: "job {{ $labels.job }} has not run for {{ $value | humanizeDuration }}",
        description: "The log of anomaly serve and /api/v1/runs say why.",
      },
    },
  ];
}

function toolRules(): readonly Rule[] {
  return [
    {
      record: SCORED_RATIO,
      expr: 'sum by (job) (anomaly_series{status=~"ok|anomalous"}) / sum by (job) (anomaly_series)',
    },
    { record: "job:anomaly_open_episodes:sum", expr: "sum by (job) (anomaly_job_open_episodes)" },
    {
      alert: "AnomalyDown",
      expr: "absent(anomaly_build_info)",
      for: "5m",
      labels: { severity: "critical" },
      annotations: { summary: "anomaly serve is not scraped", description: "Nothing is found while it is down." },
    },
    {
      alert: "AnomalySettingsRefused",
      expr: "anomaly_config_last_reload_successful == 0",
      for: "5m",
      labels: { severity: "warning" },
      annotations: {
        summary: "a changed settings file was refused",
        description: "The settings before are still used; the log names line and column.",
      },
    },
  ];
}

function held(forMs: number): { readonly for?: string } {
  return forMs === 0 ? {} : { for: promDuration(forMs) };
}

/** Prometheus knows the same units, and no `min`. */
function promDuration(ms: number): string {
  return formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000)).replaceAll(" ", "");
}
