// The pages of the forms. A cell saves by itself; what cannot be sent waits in this browser.

import { startCells } from "./entry-cells.js";
import { startDetails } from "./entry-details.js";
import { startQueue } from "./entry-queue.js";

// A year of months is wider than a phone: begin with the month of today.
for (const now of document.querySelectorAll("[data-now]")) {
  const frame = now.closest(".table-responsive");
  frame.scrollLeft = now.offsetLeft + now.offsetWidth - frame.clientWidth;
}

const sheet = document.querySelector("[data-entry]");
const banner = document.querySelector("[data-entry-queue]");
const texts = JSON.parse(document.getElementById("entry-texts")?.textContent ?? "{}");

if (banner) {
  const queue = startQueue({ user: banner.dataset.user, banner, texts });
  if (sheet) {
    startCells({ sheet, queue, texts });
    startDetails(sheet);
  }
  queue.flush();
  goOn();
}

// Who comes with a keyboard goes on where the numbers end; who comes to read something reads it first.
function goOn() {
  if (!matchMedia("(hover: hover)").matches || location.hash || document.querySelector("main [role=note]")) return;
  const cells = [...document.querySelectorAll("fieldset .entry-input:not([readonly])")];
  const first = cells.find((cell) => !cell.value && cell.required);
  // A total follows its parts: they come first.
  const parts = first?.dataset.parts?.split(" ") ?? [];
  (cells.find((cell) => !cell.value && parts.includes(cell.dataset.element)) ?? first)?.focus();
}
