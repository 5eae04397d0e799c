"""PCA reconstruction error of a group, causal: refitted at every day on the seven before it.

Reads {"step": seconds, "values": [[...] by slot]} from stdin, writes one score a slot as JSON: the squared error over the 99.9 % quantile
of the days that it was fitted on. Components keep 90 % of the variance.
"""
import json
import sys

import numpy as np
from sklearn.decomposition import PCA

read = json.load(sys.stdin)
values = np.array(read["values"], dtype=float)
day = 86400 // read["step"]
every = max(1, 300 // read["step"])
score = np.zeros(len(values))
for start in range(3 * day, len(values), day):
    past = values[max(0, start - 7 * day) : start : every]
    mean, deviation = past.mean(0), np.maximum(past.std(0), 1e-9)
    pca = PCA(0.9).fit((past - mean) / deviation)

    def error(rows):
        scaled = np.clip((rows - mean) / deviation, -20, 20)
        return ((scaled - pca.inverse_transform(pca.transform(scaled))) ** 2).sum(1)

    usual = max(np.quantile(error(past), 0.999), 1e-9)
    score[start : start + day] = error(values[start : start + day]) / usual
json.dump(score.tolist(), sys.stdout)
