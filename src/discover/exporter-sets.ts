import type { DiscoveredQuery } from "./metric-query.js";

/** Queries that are worth watching of a well-known exporter. `BY` is the label of machines, `WINDOW` that of rates. */
export interface ExporterSet {
  /** Of the job. */
  readonly name: string;
  readonly about: string;
  /** The exporter is there where one of these metrics is. */
  readonly markers: readonly string[];
  /** Metrics of the exporter: those that the set leaves out are left out on purpose. */
  readonly owns: RegExp;
  readonly queries: readonly DiscoveredQuery[];
}

const q = (name: string, expression: string): DiscoveredQuery => ({ name, expression });
const rate = (metric: string) => `sum by (BY) (rate(${metric}[WINDOW]))`;
/** Of pseudo file systems, and devices that are no hardware, every machine has many that say nothing. */
const DISKS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|autofs|nsfs"';
const NETWORKS = 'device!~"lo|veth.*|docker.*|br-.*|cali.*|tap.*"';

/**
 * The ready-made sets. What they ask is what the exporters' own dashboards and alerts show: utilisation, saturation and errors of a
 * machine; for a server its load, its backlog and its failures.
 *
 * @see https://github.com/prometheus/node_exporter/tree/master/docs/node-mixin
 * @see https://github.com/prometheus/prometheus/tree/main/documentation/prometheus-mixin
 */
export const EXPORTER_SETS: readonly ExporterSet[] = [
  {
    name: "node",
    about: "machines, by node_exporter",
    markers: ["node_exporter_build_info", "node_cpu_seconds_total", "node_load1"],
    owns: /^node_/,
    queries: [
      q("cpu_busy", '1 - avg by (BY) (rate(node_cpu_seconds_total{mode="idle"}[WINDOW]))'),
      q("cpu_iowait", 'avg by (BY) (rate(node_cpu_seconds_total{mode="iowait"}[WINDOW]))'),
      q("load1", "max by (BY) (node_load1)"),
      q("memory_used", "1 - max by (BY) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)"),
      q("swap_in", rate("node_vmstat_pswpin")),
      q("disk_used", `max by (BY) (1 - node_filesystem_avail_bytes{${DISKS}} / node_filesystem_size_bytes{${DISKS}})`),
      q("disk_io_busy", "max by (BY) (rate(node_disk_io_time_seconds_total[WINDOW]))"),
      q("disk_read_bytes", rate("node_disk_read_bytes_total")),
      q("disk_written_bytes", rate("node_disk_written_bytes_total")),
      q("network_received_bytes", rate(`node_network_receive_bytes_total{${NETWORKS}}`)),
      q("network_sent_bytes", rate(`node_network_transmit_bytes_total{${NETWORKS}}`)),
      q("network_errors", rate("node_network_receive_errs_total")),
      q("network_drops", rate("node_network_receive_drop_total")),
      q("tcp_retransmits", rate("node_netstat_Tcp_RetransSegs")),
      q("open_files", "max by (BY) (node_filefd_allocated)"),
      q("processes_blocked", "max by (BY) (node_procs_blocked)"),
      q("context_switches", rate("node_context_switches_total")),
      q("clock_offset", "max by (BY) (abs(node_timex_offset_seconds))"),
    ],
  },
  {
    name: "prometheus",
    about: "Prometheus itself",
    markers: ["prometheus_build_info"],
    owns: /^(prometheus|promhttp|net_conntrack)_/,
    queries: [
      q("samples", rate("prometheus_tsdb_head_samples_appended_total")),
      q("series", "max by (BY) (prometheus_tsdb_head_series)"),
      q("series_created", rate("prometheus_tsdb_head_series_created_total")),
      q("requests", rate("prometheus_http_requests_total")),
      q(
        "request_p99",
        "histogram_quantile(0.99, sum by (BY, le) (rate(prometheus_http_request_duration_seconds_bucket[WINDOW])))",
      ),
      q("scrape_interval_p99", 'max by (BY) (prometheus_target_interval_length_seconds{quantile="0.99"})'),
      q("scrapes_late", rate("prometheus_target_scrapes_sample_out_of_order_total")),
      q("rules_missed", rate("prometheus_rule_group_iterations_missed_total")),
      q("rule_failures", rate("prometheus_rule_evaluation_failures_total")),
      q("notifications_dropped", rate("prometheus_notifications_dropped_total")),
      q(
        "wal_fsync",
        `${rate("prometheus_tsdb_wal_fsync_duration_seconds_sum")} / ${rate("prometheus_tsdb_wal_fsync_duration_seconds_count")}`,
      ),
    ],
  },
  {
    name: "statsd",
    about: "statsd, by statsd_exporter",
    markers: ["statsd_exporter_build_info", "statsd_exporter_lines_total"],
    owns: /^statsd_exporter_/,
    queries: [
      q("lines", rate("statsd_exporter_lines_total")),
      q("events", rate("statsd_exporter_events_total")),
      q("sample_errors", rate("statsd_exporter_sample_errors_total")),
      q("udp_packets", rate("statsd_exporter_udp_packets_total")),
      q("metrics", "max by (BY) (statsd_exporter_metrics_total)"),
    ],
  },
  {
    name: "carbon",
    about: "what comes from Graphite's clients, by graphite_exporter",
    markers: ["graphite_exporter_build_info"],
    owns: /^graphite_(exporter_|sample_|last_processed_|tag_parse_)/,
    queries: [
      q("sample_age", "time() - max by (BY) (graphite_last_processed_timestamp_seconds)"),
      q("tag_failures", rate("graphite_tag_parse_failures")),
    ],
  },
  {
    name: "processes",
    about: "the processes that are scraped",
    markers: ["process_cpu_seconds_total", "process_resident_memory_bytes"],
    // Of the runtimes of languages there are dozens of metrics a process that only their authors read.
    owns: /^(process|go|python|jvm|nodejs|ruby)_/,
    queries: [
      q("process_cpu", rate("process_cpu_seconds_total")),
      q("process_memory", "max by (BY) (process_resident_memory_bytes)"),
      q("process_open_files", "max by (BY) (process_open_fds)"),
      q("goroutines", "max by (BY) (go_goroutines)"),
      q("gc_seconds", rate("go_gc_duration_seconds_sum")),
    ],
  },
  {
    name: "scrapes",
    about: "how long scraping takes",
    markers: ["scrape_duration_seconds"],
    owns: /^(scrape_.*|up|ALERTS|ALERTS_FOR_STATE)$/,
    queries: [q("scrape_seconds", "max by (BY) (scrape_duration_seconds)")],
  },
];

/** The metrics that a query of a set is about. */
export function metricsIn(expression: string): readonly string[] {
  return [...new Set(expression.match(/\b(?:node|prometheus|statsd|graphite|process|go|scrape)_\w+/g) ?? [])];
}
