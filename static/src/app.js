// What every page needs: Tabler's menus and dialogs, htmx.

import "@tabler/core/dist/js/tabler.esm.js";
import htmx from "htmx.org/dist/htmx.esm.js";

window.htmx = htmx;
// The Content-Security-Policy allows neither eval nor what htmx would write into <head>.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
// Blocks of JSON come along with the charts of an answer. The policy stops every script that is not ours.
// A poor network: say so after half a minute instead of waiting without end.
htmx.config.timeout = 30_000;

const csrfToken = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];

document.addEventListener("htmx:configRequest", (event) => {
  const token = csrfToken();
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// Signing in makes a new token; a page that stood open meanwhile in another tab sends it along.
document.addEventListener("submit", (event) => {
  const field = event.target.elements.namedItem("csrfmiddlewaretoken");
  if (field && csrfToken()) field.value = csrfToken();
});

// A double click sends a form once. What a script has taken over is its own affair.
const sent = new Set();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
addEventListener("pageshow", () => sent.clear());

// The session has ended: the sign-in page is no part of this one. Whoever can wait says so (entry.js).
document.addEventListener("htmx:beforeSwap", (event) => {
  const address = new URL(event.detail.xhr.responseURL || location.href);
  if (address.pathname !== document.body.dataset.signIn) return;
  event.detail.shouldSwap = false;
  if (document.dispatchEvent(new CustomEvent("imbang:signed-out", { cancelable: true }))) location.reload();
});

// What asks again and again asks only while somebody looks.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.matches("[hx-trigger^='every']")) event.preventDefault();
});

// A form or select with data-autosubmit is sent as soon as a choice in it changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
