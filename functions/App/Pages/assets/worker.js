// @ts-check
/// <reference lib="webworker" />
// The server writes `version` and `files` before this. Files never change under their name, so they come from the cache;
// the page and the city come from the network while there is one, and from the last visit when there is none.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const store = "pages-" + version;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(store).then((cache) => cache.addAll([...files, "/", "/api/city"])).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name !== store) {
        await caches.delete(name);
      }
    }

    await worker.clients.claim();
  })());
});

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== worker.location.origin) {
    return;
  }

  if (address.pathname.startsWith("/assets/")) {
    event.respondWith(fromCache(event.request));
  } else if ((address.pathname === "/" && address.search === "") || address.pathname === "/api/city") {
    event.respondWith(fromNetwork(event.request, address.pathname));
  }
});

/** @param {Request} request */
async function fromCache(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** @param {Request} request @param {string} path */
async function fromNetwork(request, path) {
  const cache = await caches.open(store);
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      await cache.put(path, answer.clone());
    }

    return answer;
  } catch (error) {
    const kept = await cache.match(path, { ignoreVary: true });
    if (kept) {
      return kept;
    }

    throw error;
  }
}
