// Shows in words that the desk cannot start or has stopped. It runs before the desk and independently of it,
// and also applies the user's colours to the frame.
"use strict";

(() => {
  const folder = new URL(".", location.href);
  try {
    // named as by the desk, which keeps two deployments on one origin apart
    const scheme = localStorage.getItem("spreadscope" + folder.pathname.replace(/\/+$/, "") + ".scheme");
    if (scheme === "light" || scheme === "dark") document.documentElement.dataset.theme = scheme;
  } catch {
    // the browser stores nothing: the frame uses the system's colours
  }

  const WAIT_MILLIS = 15000;
  const waiting = () => document.getElementById("frame");
  const words = (error) => String((error && error.message) || error || "no reason was given").slice(0, 300);
  let told = false;

  // The page's own scripts lie beside it; those of extensions lie elsewhere or in the page itself.
  const isOurs = (file) =>
    String(file || "").startsWith(folder.href) && /\.(js|wasm|css)$/.test(new URL(file).pathname);
  const isOurError = (error) => {
    if (!error) return false;
    // a file that could not be imported is named in the message alone
    const places = String(error.stack || "") + " " + String(error.message || "");
    if (places.includes("://")) {
      return places.split(/[\s()@]+/).some((part) => isOurs(part.replace(/(:\d+|:wasm-.*)+$/, "")));
    }
    // without a location: what the module raises, and what this page has marked
    const kinds = ["CompileError", "LinkError", "RuntimeError"];
    return Boolean(error.isTold) || kinds.some((kind) => error instanceof (globalThis.WebAssembly?.[kind] || Boolean));
  };

  const section = (title, reason) => {
    let place = document.getElementById("boot-failure");
    if (!place) {
      place = document.createElement("section");
      place.id = "boot-failure";
      place.className = "failure";
      place.setAttribute("role", "alert");
    }
    const heading = document.createElement("h1");
    heading.textContent = title;
    const why = document.createElement("p");
    why.textContent = reason;
    place.replaceChildren(heading, why);
    return place;
  };

  const tell = (title, reason, late, error) => {
    const frame = waiting();
    if (!frame || (told && late)) return;
    told = true;
    const place = section(title, reason);
    const list = document.createElement("ul");
    for (const advice of [
      "Reload the page.",
      "Use a current Firefox, Chrome, Edge or Safari: the desk needs WebAssembly and JavaScript modules.",
      "If an extension or a company network blocks WebAssembly or scripts, allow them for this page.",
      "Serve the folder over http or https: opened as a file, a page may not load modules.",
    ]) {
      const item = document.createElement("li");
      item.textContent = advice;
      list.append(item);
    }
    place.append(list);
    if (error) place.append(copyButton(title, error));
    frame.querySelector("header").after(place);
    const loading = document.getElementById("loading");
    if (loading) loading.textContent = title;
  };

  const button = (label, action) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", action);
    return button;
  };

  // The errors that the module logs before it stops.
  const lastWords = [];
  const log = console.error;
  console.error = (...parts) => {
    lastWords.push(parts.map(String).join(" ").slice(0, 2000));
    lastWords.splice(0, lastWords.length - 5);
    log.apply(console, parts);
  };

  // The browser's own words are for those who mend the page.
  const copyButton = (title, error) => {
    const report = () => [
      title + ": " + words(error), new Date().toISOString(), navigator.userAgent,
      location.origin + location.pathname, String((error && error.stack) || "no stack"), ...lastWords,
    ].join("\n");
    const copied = (done) => { copy.textContent = done ? "Copied" : "Could not be copied"; };
    const copy = button("Copy diagnostics", () =>
      navigator.clipboard.writeText(report()).then(() => copied(true), () => copied(false)));
    return copy;
  };

  const stopped = (error) => {
    const place = section(
      "Spreadscope has stopped",
      (error.isTold ? words(error) + " " : "")
        + "This page is no longer updated and no alerts will fire. Stored data is safe.");
    place.classList.add("stopped");
    place.append(button("Reload", () => location.reload()), copyButton("Spreadscope has stopped", error));
    document.body.prepend(place);
  };

  const failed = (error, isOur) => {
    if (!isOur) return;
    if (waiting()) {
      const reason = error && error.isTold ? words(error) : "Its own code stopped before the desk was there.";
      tell("Spreadscope cannot start", reason, false, error || "no reason was given");
    }
    else if (error instanceof WebAssembly.RuntimeError) stopped(error);
  };
  window.addEventListener("error", (event) => {
    // the browser only says that a size is reported one frame late, which is not a failure
    if (String(event.message).startsWith("ResizeObserver loop")) return;
    const file = event.target && (event.target.src || event.target.href);
    // the desk's own script could not import the module
    const isImport = event.target instanceof HTMLScriptElement && event.target.type === "module";
    const isOur = isOurs(event.filename) || isOurError(event.error) || isImport;
    if (!file) failed(event.error || event.message, isOur);
    else if (isOurs(file)) tell("Spreadscope cannot start", "A file did not load: " + file, false);
  }, true);
  window.addEventListener("unhandledrejection", (event) =>
    failed(event.reason, isOurError(event.reason)));

  if (typeof WebAssembly !== "object") {
    document.addEventListener("DOMContentLoaded", () =>
      tell("Spreadscope cannot start", "This browser has no WebAssembly, or it is switched off.", false));
  }
  setTimeout(() => {
    tell("Spreadscope is taking long to start", "It has not started after 15 seconds; it may still do so.", true);
  }, WAIT_MILLIS);
})();
