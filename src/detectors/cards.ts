/** What people want to know of a detector before they use it. */
export interface DetectorCard {
  readonly goodFor: string;
  readonly badFor: string;
  /** Paper, book or practice that the method is from. */
  readonly source: string;
}

/** A card for each line of the registry; they are read where detectors are shown, not where they score. */
export const CARDS: Readonly<Record<string, DetectorCard>> = {
  residual: {
    goodFor: "any metric without tuning: rates, latencies, levels, counters, sparse errors; works from the first day",
    badFor: "drifts slower than its windows; what is unusual only beside other series",
    source: "a bank of robust residuals, each calibrated by its own trailing tail (docs/detection.md)",
  },
  family: {
    goodFor: "many alike series, such as one metric of a hundred machines; cheapest per slot; drifts",
    badFor: "a mixed bag of metrics; less than 15 days of history; it needs a trained model",
    source: "a random forest over rolling windows and lags; Breiman, Machine Learning 45 (2001)",
  },
  dynamics: {
    goodFor: "metrics that follow the hour of the week, such as traffic and orders; easy to explain",
    badFor:
      "levels that move from week to week: the band follows only as the weeks pass; less than two days of history",
    source: "baselines by hour of week with robust location and spread; Huber, Robust Statistics (1981)",
  },
  funnel: {
    goodFor: "daily shapes in a history with outliers; wide bands where a time of day is unsteady",
    badFor: "weekday differences, unless funnel.period=week; levels that move",
    source: "median and MAD by bucket; Hampel filter, JASA 69 (1974)",
  },
  zscore: {
    goodFor: "spikes and jumps of steady metrics; people know it",
    badFor: "seasons and slow changes: an hour knows of neither",
    source: "rolling mean and standard deviation; Shewhart, Economic Control of Quality (1931)",
  },
  mad: {
    goodFor: "as zscore, for metrics with wild values",
    badFor: "seasons and slow changes; metrics that rest at one value most of the time",
    source: "median absolute deviation; Rousseeuw and Croux, JASA 88 (1993)",
  },
  pattern: {
    goodFor: "in range, but never like this: a course that a metric has not had; records of four weeks",
    badFor: "incidents that repeat; metrics whose shape is always new; noise at steps of a minute",
    source: "fuzzy ART over Haar coefficients; Carpenter, Grossberg, Rosen, Neural Networks 4 (1991)",
  },
  static: {
    goodFor: "limits that are known, such as a disk at 90 %: with episodes, pictures and alerts like any other",
    badFor: "everything whose limit is not known; without a limit it reports silences and stalls only",
    source: "limits that you set",
  },
  holtwinters: {
    goodFor: "steady daily shapes whose level and trend move slowly; cheap, and known from capacity planning",
    badFor: "weekday differences (set holtwinters.season=7d); gaps of a season; shapes that shift in time",
    source: "Winters, Management Science 6 (1960)",
  },
  boosted: {
    goodFor: "metrics that depend on several things at once: time of day, the last hours, yesterday",
    badFor:
      "slow drifts, which it follows; levels it has not seen; cost of a fit for each series, unless boosted.scope=family",
    source: "Friedman, Annals of Statistics 29 (2001); histograms as in LightGBM (2017)",
  },
  stl: {
    goodFor: "several clean seasons, such as day and week, on a trend",
    badFor: "levels that jump: the trend follows at the next fit only; less than two days of history; cost",
    source: "Cleveland et al., J. Official Statistics 6 (1990); MSTL, arXiv 2107.13462 (2021); augurs",
  },
  lstm: {
    goodFor:
      "many series whose next value depends on the last ones in a way that no rule says; teams that come from it",
    badFor:
      "metrics that are noise, where it learns to repeat the last value; drifts, which it follows; minutes of training",
    source: "LSTM, Neural Computation 9 (1997); Adam, arXiv 1412.6980 (2014); band from errors on held-out values",
  },
  decomposition: {
    goodFor: "what is odd by its course and not by its size; a level that changes, named with its time",
    badFor: "levels that wander every day; less than three days of history; cost",
    source: "MSTL, arXiv 2107.13462 (2021); extended isolation forest, IEEE TKDE 33 (2019); augurs",
  },
  prophet: {
    goodFor: "teams that come from Prophet: the same yhat; months of history with holidays and a bending trend",
    badFor: "anything that moves within a day; cost: the dearest of all per fit",
    source: "Taylor and Letham, The American Statistician 72 (2018); augurs, Stan in WebAssembly",
  },
};
