// Keeps one version of the page's files, so that the page opens without network and all its files belong to the
// same build. `cargo xtask stamp` fills in the two constants. Responses of the exchange are never touched.
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
// a notification shown by this worker leads back to the page that raised it
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // the tab that raised it, if it still has the same address
  const raised = (pages) => pages.find((page) => page.url === event.notification.data) ?? pages[0];
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => raised(pages)?.focus()));
});
// the user wants the new version
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== null) event.respondWith(answer(name, event.request));
});

// The index is requested by the folder's address: some hosts redirect its file name.
const addressOf = (name) => new URL(name === INDEX ? "./" : name, self.registration.scope).href;

const nameOf = (request) => {
  const url = new URL(request.url);
  const scope = new URL(self.registration.scope);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) {
    return null;
  }
  return url.pathname.slice(scope.pathname.length) || INDEX;
};

// A page of the previous version may still be open: its files, whose names carry their version, are kept for
// it.
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

// All files or none: a version that is incomplete, or mixed by a cache on the way, is not installed.
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
  // the page that requested this version reloads itself; others continue with the files that they have
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE && open.length < 2) await caches.delete(name);
  }
  // a page without a controller would let the next version in without asking
  await self.clients.claim();
};
