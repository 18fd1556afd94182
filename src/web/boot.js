// Says in words when the desk cannot start. Runs before it, apart from it, and falls silent once the
// desk has taken the place of the frame. It also puts the user's colours on the frame.
"use strict";

(() => {
  try {
    const scheme = localStorage.getItem("spreadscope.scheme");
    if (scheme === "light" || scheme === "dark") document.documentElement.dataset.theme = scheme;
  } catch {
    // a browser that keeps nothing: the frame has the system's colours
  }

  const WAIT_MILLIS = 15000;
  const waiting = () => document.getElementById("frame");
  let told = false;

  const tell = (title, reason, late) => {
    const frame = waiting();
    if (!frame || (told && late)) return;
    told = true;
    let place = document.getElementById("boot-failure");
    if (!place) {
      place = document.createElement("section");
      place.id = "boot-failure";
      place.className = "failure";
      place.setAttribute("role", "alert");
      frame.querySelector("header").after(place);
    }
    const heading = document.createElement("h1");
    heading.textContent = title;
    const why = document.createElement("p");
    why.textContent = reason;
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
    place.replaceChildren(heading, why, list);
    const loading = document.getElementById("loading");
    if (loading) loading.textContent = title;
  };

  const words = (error) => String((error && error.message) || error || "no reason was given").slice(0, 300);
  const onError = (event) => {
    const file = event.target && (event.target.src || event.target.href);
    if (file) tell("Spreadscope cannot start", "A file did not load: " + file, false);
    else if (event.message) tell("Spreadscope cannot start", words(event.error || event.message), false);
  };
  const onRejection = (event) => tell("Spreadscope cannot start", words(event.reason), false);

  window.addEventListener("error", onError, true);
  window.addEventListener("unhandledrejection", onRejection);
  if (typeof WebAssembly !== "object") {
    document.addEventListener("DOMContentLoaded", () =>
      tell("Spreadscope cannot start", "This browser has no WebAssembly, or it is switched off.", false));
  }
  setTimeout(() => {
    tell("Spreadscope is taking long to start", "It has not started after 15 seconds; it may still do so.", true);
    if (!waiting()) {
      window.removeEventListener("error", onError, true);
      window.removeEventListener("unhandledrejection", onRejection);
    }
  }, WAIT_MILLIS);
})();
