// Passes the frames to the worker and stores its result where the driver finds it.
const worker = new Worker("./bench.js", { type: "module" });
worker.onmessage = ({ data }) => { window.result = data; };
worker.onerror = (event) => { window.result = { error: event.message }; };
fetch("./frames.json").then((answer) => answer.json()).then((frames) => worker.postMessage(frames));
