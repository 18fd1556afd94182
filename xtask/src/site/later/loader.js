
// The functions of the module that a first visit does not run: fetched once the desk is up, or when the first of them is
// called before that.
const LATER = new URL("./{{file}}", import.meta.url).href;
const isPage = typeof document === "object";
let code;

// as a message too, by which they are handed over to a worker
const keep = (message) => {
    code = message.later;
    globalThis.keptLater = message;
};

// all that is asked for at once: a page is given no bytes at once, but letters
const codeAtOnce = () => {
    const request = new XMLHttpRequest();
    request.open("GET", LATER, false);
    if (isPage) request.overrideMimeType("text/plain; charset=x-user-defined");
    else request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`HTTP ${request.status}.`);
    const bytes = isPage
        ? Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))
        : request.response;
    return new WebAssembly.Module(bytes);
};

// What the module calls where one of them is wanted that is not in its table: they take what they need from the module,
// and put themselves there. The call cannot wait, and if they do not come it cannot go on.
export function later() {
    try {
        if (!code) keep({ later: codeAtOnce() });
        new WebAssembly.Instance(code, { "": initSync() });
    } catch (error) {
        const failure = new WebAssembly.RuntimeError(
            `A part of the page could not be fetched: ${error.message} Is there a network?`);
        failure.isTold = true;
        throw failure;
    }
}

if (isPage) {
    // never turned down: what hears of that may be one of them
    globalThis.fetchLater = async () => {
        try {
            if (!code) keep({ later: await WebAssembly.compileStreaming(fetch(LATER)) });
            return globalThis.keptLater;
        } catch {
            return null;
        }
    };
    // without network a service worker has them, which no call that cannot wait is answered by; with one they are near
    if (navigator.serviceWorker?.controller) await globalThis.fetchLater();
} else {
    // the page hands them over: no message for the engine
    addEventListener("message", (event) => {
        if (!(event.data?.later instanceof WebAssembly.Module)) return;
        event.stopImmediatePropagation();
        keep(event.data);
    });
}
