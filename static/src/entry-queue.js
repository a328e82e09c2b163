// Numbers on their way to the server. Each is written to localStorage before it is sent and removed
// when the server has answered, so that neither a lost network nor a closed tab loses one. Entries
// belong to a person: on a shared computer nobody sends another's.

const RETRY_SECONDS = [2, 5, 10, 30];
// Nobody is told of what arrives at once.
const SLOW_MS = 2500;

export function startQueue({ user, banner, texts }) {
  const prefix = `imbang-entry:${user}:`;
  const listeners = new Map(); // address of a cell → what to do with the answer
  let sending = null;
  let failures = 0;
  let timer = 0;
  let signedOut = false;
  let last = 0;

  function entries() {
    const found = [];
    for (let i = 0; i < localStorage.length; i++) {
      const key = localStorage.key(i);
      if (!key.startsWith(prefix)) continue;
      try {
        found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
      } catch {
        localStorage.removeItem(key); // not ours, or cut short
      }
    }
    return found.sort((a, b) => a.at - b.at);
  }

  const get = (url) => JSON.parse(localStorage.getItem(prefix + url) ?? "null");
  const remove = (url) => localStorage.removeItem(prefix + url);
  const waiting = (base) => entries().filter((entry) => !base || entry.url.startsWith(base));

  function put(entry) {
    // Numbers of one block are typed within a millisecond, and still one after the other.
    last = Math.max(Date.now(), last + 1);
    localStorage.setItem(prefix + entry.url, JSON.stringify({ at: last, ...entry }));
    setTimeout(show, SLOW_MS + 100);
    flush();
  }

  // One at a time and in order, so that totals follow as they were typed.
  async function flush() {
    if (sending) return sending;
    clearTimeout(timer);
    sending = sendAll();
    await sending;
    sending = null;
    show();
    const open = entries().filter((entry) => !entry.stuck);
    if (open.length) {
      const pause = failures ? RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1] : 0;
      timer = setTimeout(flush, pause * 1000);
    }
  }

  async function sendAll() {
    for (const { url } of entries()) {
      const entry = get(url); // as it is now: what was sent before it may have changed what was seen
      if (!entry || entry.stuck) continue;
      const listener = listeners.get(entry.url);
      listener?.({ state: "saving" });
      const answer = await send(entry);
      signedOut = answer.state === "signed-out";
      if (answer.state === "waiting" || answer.state === "signed-out") {
        failures += 1;
        for (const left of entries()) if (!left.stuck) listeners.get(left.url)?.(answer);
        return;
      }
      failures = 0;
      settle(entry, answer);
    }
  }

  function settle(entry, answer) {
    const now = get(entry.url);
    const typedAgain = now && now.at !== entry.at;
    if (typedAgain) {
      // What was just stored is what the person has seen now.
      if (answer.state === "saved") {
        const stored = Object.values(answer.cells)[0]; // the cell itself comes before the totals it is part of
        localStorage.setItem(prefix + entry.url, JSON.stringify({ ...now, seen: stored.seen }));
      }
    } else if (answer.state === "conflict" || answer.state === "locked") {
      // Only the person can decide: kept, and asked about where the form is open.
      localStorage.setItem(prefix + entry.url, JSON.stringify({ ...now, stuck: answer.state }));
    } else {
      remove(entry.url);
    }
    listeners.get(entry.url)?.({ ...answer, typedAgain });
  }

  async function send({ url, text, seen, language }) {
    const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        body: new URLSearchParams({ text, seen, language }),
        credentials: "same-origin",
        signal: AbortSignal.timeout(20_000),
      });
      if (response.headers.get("Content-Type")?.startsWith("application/json")) return await response.json();
      if (response.status === 404) return { state: "locked", reason: texts.gone };
      return { state: response.status === 403 ? "signed-out" : "waiting" };
    } catch {
      return { state: "waiting" }; // no network
    }
  }

  function show() {
    const all = entries();
    const isSlow = failures > 0 || all.some((entry) => entry.stuck || Date.now() - entry.at > SLOW_MS);
    const left = isSlow ? all : [];
    banner.hidden = !left.length && !signedOut;
    const stuck = left.filter((entry) => entry.stuck).length;
    const counts = [
      [texts.stuckCount, stuck],
      [texts.waitingCount, left.length - stuck],
    ];
    banner.textContent = counts.map(([text, count]) => (count ? text.replace("%(count)s", count) : "")).join(" ").trim();
    if (signedOut) banner.append(" ", signIn());
    else banner.append(...left.filter((entry) => entry.page).slice(0, 1).map(link));
  }

  function signIn() {
    const place = document.createElement("a");
    place.href = `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    place.textContent = texts.signIn;
    return place;
  }

  document.addEventListener("imbang:signed-out", (event) => {
    event.preventDefault();
    signedOut = true;
    show();
  });

  function link(entry) {
    const place = document.createElement("a");
    place.href = entry.page;
    place.textContent = ` ${entry.name ?? entry.page}`;
    return location.pathname === entry.page ? "" : place;
  }

  addEventListener("online", () => {
    failures = 0;
    flush();
  });
  addEventListener("storage", (event) => event.key?.startsWith(prefix) && show());
  addEventListener("pageshow", () => flush());
  show();
  return {
    put,
    get,
    remove: (url) => (remove(url), show()),
    flush,
    waiting,
    listen: (url, listener) => listeners.set(url, listener),
  };
}
