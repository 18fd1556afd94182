// Runs in a worker: times the engine and JSON.parse on the same frames, and measures the engine's memory with a
// day of bars.
import init, { Backtest, Bench, Day, cointegration, dickey_fuller, evidence, rolling, scan, scanner } from "./spreadscope_bench.js";

const ROUNDS = 41;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function engineMillis(frames) {
  const bench = new Bench(frames[0].at - 1000);
  const start = performance.now();
  for (const { at, text } of frames) bench.frame(at, text);
  const millis = performance.now() - start;
  const rows = bench.rows();
  bench.free();
  return { millis, rows };
}

function parseMillis(frames) {
  let sum = 0;
  const start = performance.now();
  for (const { text } of frames) sum += JSON.parse(text).data.t;
  const millis = performance.now() - start;
  return { millis, sum };
}

function parseFieldsMillis(frames) {
  let sum = 0;
  const start = performance.now();
  for (const { text } of frames) {
    const { p, q, T } = JSON.parse(text).data;
    sum += Number(p) * Number(q) + T;
  }
  return { millis: performance.now() - start, sum };
}

// a day of 1 s bars, built from trades
function dayOfBars(memory) {
  const start = 1700000000000;
  const bench = new Bench(start);
  const trade = (symbol, id, at, price) =>
    `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${at},"s":"${symbol}","t":${id},"p":"${price.toFixed(2)}","q":"0.01000000","T":${at},"m":${id % 2 === 0},"M":true}}`;
  for (let second = 0; second < 86500; second++) {
    const at = start + second * 1000 + 300;
    const wave = Math.sin(second / 211);
    bench.frame(at, trade("BTCUSDT", 1000 + second, at, 60000 + 60 * wave + 9 * Math.sin(second / 7)));
    bench.frame(at, trade("ETHUSDT", 5000 + second, at, 2600 + 3 * wave));
  }
  const bars = bench.bars();
  const bytes = memory.buffer.byteLength;
  bench.free();
  return { bars, bytes };
}

function rollingNanos(window) {
  const count = 400000;
  rolling(window, count);
  const start = performance.now();
  rolling(window, count);
  return ((performance.now() - start) * 1e6) / count;
}

const medianMillis = (call) =>
  median(
    Array.from({ length: 7 }, () => {
      const start = performance.now();
      call();
      return performance.now() - start;
    }),
  );

function statistics() {
  const calls = 100;
  const day = new Day(86400);
  const millis = {
    adfMillis: medianMillis(() => dickey_fuller(3600, calls)) / calls,
    engleGrangerMillis: medianMillis(() => cointegration(3600, calls)) / calls,
    evidenceMillis: medianMillis(() => evidence(3600, calls)) / calls,
    scanMillis: medianMillis(() => scan(50, 1440)),
    scannerMillis: medianMillis(() => scanner(50, 1440)),
    dayMillis: medianMillis(() => day.rolling(3600)),
  };
  day.free();
  return millis;
}

function backtest() {
  const day = new Backtest(86400, 300);
  const trades = day.surface();
  // a pass and a run alternate, so that whatever slows the machine slows both
  const rounds = Array.from({ length: 21 }, () => {
    const timed = (call) => {
      const start = performance.now();
      call();
      return performance.now() - start;
    };
    return { pass: timed(() => day.pass()), run: timed(() => day.run()) };
  });
  const pass = median(rounds.map((round) => round.pass));
  const surface = medianMillis(() => day.surface());
  day.free();
  return {
    trades,
    passMillis: pass,
    runMillis: median(rounds.map((round) => round.run)),
    runRatio: median(rounds.map((round) => round.run / round.pass)),
    surfaceMillis: surface,
    surfaceRatio: surface / pass,
  };
}

onmessage = async ({ data: frames }) => {
  try {
    const wasm = await init();
    engineMillis(frames);
    parseMillis(frames);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      engine: engineMillis(frames),
      parse: parseMillis(frames),
      fields: parseFieldsMillis(frames),
    }));
    const of = (name) => median(rounds.map((round) => round[name].millis));
    // whatever slows the machine for a while slows both sides of a round
    const ratio = (name) => median(rounds.map((round) => round[name].millis / round.engine.millis));
    postMessage({
      frames: frames.length,
      rows: rounds[0].engine.rows,
      engineMillis: of("engine"),
      parseMillis: of("parse"),
      parseFieldsMillis: of("fields"),
      parseRatio: ratio("parse"),
      parseFieldsRatio: ratio("fields"),
      rolling300: rollingNanos(300),
      rolling3600: rollingNanos(3600),
      rolling86400: rollingNanos(86400),
      statistics: statistics(),
      backtest: backtest(),
      day: dayOfBars(wasm.memory),
    });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
