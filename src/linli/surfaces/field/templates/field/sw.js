/* The service worker of the field: keeps the shell and its files, so that the field opens without a network.
   It never keeps a page or an answer with anybody's data; those lie encrypted in the phone's store. */
const CACHE = `linli-field-${RELEASE.version}`;
const FILES = new Set(RELEASE.files.map((file) => new URL(file, self.location).pathname));
const PATIENCE = 6000;

self.addEventListener("install", (event) => {
  const fresh = [RELEASE.shell, ...RELEASE.files].map((url) => new Request(url, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("linli-field-") && name !== CACHE;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const shell = async () => (await (await caches.open(CACHE)).match(RELEASE.shell)) || Response.error();

async function page(request) {
  const slow = new Promise((done) => setTimeout(done, PATIENCE, null));
  try {
    // Something that is being sent is waited for: whether it arrived decides what the phone must keep.
    const coming = fetch(request);
    coming.catch(() => null);
    const answer = await (request.method === "GET" ? Promise.race([coming, slow]) : coming);
    return answer && answer.status !== 502 && answer.status !== 503 && answer.status !== 504 ? answer : shell();
  } catch {
    return shell();
  }
}

async function file(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreSearch: false });
  return kept || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith(RELEASE.scope)) event.respondWith(page(request));
  else if (request.method === "GET" && FILES.has(url.pathname)) event.respondWith(file(request));
});
