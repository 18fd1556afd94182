// Keeps one version of the page's files, so that the page opens without network and all its files are of the
// same build. `cargo xtask stamp` fills in the two constants. Answers of the exchange are never touched.
"use strict";

const VERSION = "{{version}}";
// file name to the first half of its SHA-256, in hexadecimal
const FILES = {{files}};

// two deployments on one origin keep their files apart
const PREFIX = `spreadscope-${new URL(self.registration.scope).pathname}-`;
const CACHE = PREFIX + VERSION;
const INDEX = "index.html";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// a notification that this worker has shown leads back to the page that it is about
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // the tab that has raised it, if it is still where it was
  const raised = (pages) => pages.find((page) => page.url === event.notification.data) ?? pages[0];
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => raised(pages)?.focus()));
});
// the user has asked for the new version
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== null) event.respondWith(answer(name, event.request));
});

// The page is asked for by the folder's address: some hosts send its file's name elsewhere.
const addressOf = (name) => new URL(name === INDEX ? "./" : name, self.registration.scope).href;

const nameOf = (request) => {
  const url = new URL(request.url);
  const scope = new URL(self.registration.scope);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) {
    return null;
  }
  return url.pathname.slice(scope.pathname.length) || INDEX;
};

// A page of the version before may be open still: its files, of which the name says their version, are kept for it.
const answer = async (name, request) => {
  const cache = await caches.open(CACHE);
  const found = Object.hasOwn(FILES, name)
    ? await cache.match(addressOf(name))
    : await caches.match(addressOf(name));
  return found ?? fetch(request);
};

const hashOf = async (response) => {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return [...new Uint8Array(digest, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// All files or none: a version that is half put up, or mixed by a cache on the way, is not taken.
const install = async () => {
  const cache = await caches.open(CACHE);
  for (const [name, hash] of Object.entries(FILES)) {
    const address = addressOf(name);
    const kept = await caches.match(address);
    if (kept && (await hashOf(kept)) === hash) {
      await cache.put(address, kept);
      continue;
    }
    const response = await fetch(address, { cache: "no-cache" });
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
    const found = await hashOf(response);
    if (found !== hash) throw new Error(`${name} is not of this version: ${found}`);
    await cache.put(address, response);
  }
};

const activate = async () => {
  // the page that has asked for this version loads itself anew; another one goes on with the files that it has
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && open.length < 2) await caches.delete(name);
  }
  // a page that nobody minds would let the next version in without being asked
  await self.clients.claim();
};
