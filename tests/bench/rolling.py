"""Times pandas on the bars that the bench module's Day has; prints milliseconds as JSON.

    python3 rolling.py <bars> <window>
"""

import json
import statistics
import sys
import time

import numpy
import pandas


def walk(seed, bars, start):
    state, level, out = seed, start, []
    for _ in range(bars):
        state = (1103515245 * state + 12345) % 2**31
        level += state / 2**31 - 0.5
        out.append(level)
    return numpy.array(out)


def millis(call):
    rounds = []
    for _ in range(7):
        start = time.perf_counter()
        call()
        rounds.append(time.perf_counter() - start)
    return statistics.median(rounds) * 1e3


def main():
    bars, window = (int(text) for text in sys.argv[1:3])
    x = pandas.Series(walk(1, bars, 2600.0))
    y = pandas.Series(20.0 * x + walk(2, bars, 0.0))

    def slope():
        return y.rolling(window).cov(x) / x.rolling(window).var()

    def whole():
        hedge = slope()
        intercept = y.rolling(window).mean() - hedge * x.rolling(window).mean()
        spread = y - intercept - hedge * x
        rolling = spread.rolling(window)
        return (spread - rolling.mean()) / rolling.std(), y.rolling(window).corr(x)

    print(json.dumps({"pandas": pandas.__version__, "whole": millis(whole), "slope": millis(slope)}))


if __name__ == "__main__":
    main()
