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

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token[1];
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
