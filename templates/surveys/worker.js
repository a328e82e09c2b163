// Brings a survey back when its page is reloaded without a network. Only the page of a link that was opened on
// this phone is kept, with the style and scripts it needs: no answers (they lie in the phone's own storage), no
// other page. The network always comes first. A page goes when its survey was answered or is closed, and the
// worker with the last one.

const CACHE = "imbang-survey-{{ version }}";
const STATIC = "{{ static_path }}";
const PAGE = new RegExp("^{{ root }}[A-Za-z0-9_-]{20,64}/$");
/** The last day of the survey; only pages in which it can be answered have it. */
const KEEP_UNTIL = "Imbang-Keep-Until";
const PATIENCE = 8000;

/** Paths of pages that were answered and not opened again: one that is still on its way here when the answers are
 * sent must not lie here for the next person on this phone. */
const unwanted = new Set();

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("imbang-survey-") && name !== CACHE) await caches.delete(name);
  }
  // Pages that are open hear of it, and ask to be kept.
  await clients.claim();
}

addEventListener("message", (event) => {
  const page = new URL(event.source.url);
  if (!PAGE.test(page.pathname)) return;
  if (event.data.keep) event.waitUntil(keep(page, event.data.keep));
  if (event.data.forget) event.waitUntil(forget(page));
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(file(event.request));
});

/** The page of a link; without a network, or with one that leaves it waiting, the one that was kept. */
async function page(request, url) {
  const kept = await keptPage(url);
  const answer = fetch(request);
  try {
    if (!kept) return await arrived(await answer, url);
    const found = await Promise.race([answer, wait(PATIENCE)]);
    return found && found.status < 500 ? await arrived(found, url) : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** An answer from the server is kept, or says that there is nothing to keep any more. */
async function arrived(answer, url) {
  if (answer.ok && answer.headers.has(KEEP_UNTIL)) await (await caches.open(CACHE)).put(url.pathname, answer.clone());
  else if (answer.status < 500) await forget(url);
  if (unwanted.has(url.pathname)) await remove(url);
  return answer;
}

async function keptPage(url) {
  const kept = await caches.match(url.pathname, { cacheName: CACHE });
  const today = new Date().toLocaleDateString("sv"); // as 2026-11-30
  if (kept && kept.headers.get(KEEP_UNTIL) < today) return void (await forget(url));
  return kept;
}

async function file(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !(await isEmpty())) {
      await (await caches.open(CACHE)).put(request.url, answer.clone());
      if (await isEmpty()) await caches.delete(CACHE);
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(request.url, { cacheName: CACHE });
    if (kept) return kept;
    throw error;
  }
}

async function keep(url, files) {
  unwanted.delete(url.pathname);
  await arrived(await fetch(url), url);
  const ours = files.filter((name) => new URL(name).origin === location.origin && new URL(name).pathname.startsWith(STATIC));
  if (await keptPage(url)) await (await caches.open(CACHE)).addAll(ours);
  if (unwanted.has(url.pathname)) await remove(url);
}

async function forget(url) {
  unwanted.add(url.pathname);
  await remove(url);
}

async function remove(url) {
  if (await caches.has(CACHE)) await (await caches.open(CACHE)).delete(url.pathname);
  if (!(await isEmpty())) return;
  await caches.delete(CACHE);
  await registration.unregister();
}

/** Whether no page of a survey is left; files alone are not worth keeping. */
async function isEmpty() {
  if (!(await caches.has(CACHE))) return true;
  const requests = await (await caches.open(CACHE)).keys();
  return !requests.some((request) => PAGE.test(new URL(request.url).pathname));
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
