// Where browsers allow it (https, or this machine), a worker of our own brings the page of a survey back when it
// is reloaded without a network; see templates/surveys/worker.js. Everywhere else all goes on without it.

const workers = navigator.serviceWorker;

/** `keep()` has the page kept as long as it is `wanted()`, `forget()` ends that. */
export function keepPage(worker, wanted) {
  const tell = (message) => workers?.getRegistration(worker).then((found) => found?.active?.postMessage(message));

  function ask() {
    // Answered before the worker was there: it has nothing to stay for.
    if (!wanted()) return tell({ forget: true });
    const parts = [...document.querySelectorAll("link[href], script[src]")].map((part) => part.href || part.src);
    const icons = [...document.querySelectorAll("use")].map((icon) => new URL(icon.href.baseVal, location).href.split("#")[0]);
    tell({ keep: [...new Set([...parts, ...icons])] });
  }

  // A new worker says so by taking over; one that is there already is asked at once.
  workers?.addEventListener("controllerchange", ask);

  return {
    // Private windows may refuse; the page is then not kept.
    keep: () => workers?.register(worker).then(() => workers.controller && ask()).catch(() => undefined),
    forget: () => tell({ forget: true }),
  };
}
