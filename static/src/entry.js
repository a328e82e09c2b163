// The pages of the forms. A cell saves by itself; what cannot be sent waits in this browser.

import { startCells } from "./entry-cells.js";
import { startDetails } from "./entry-details.js";
import { startQueue } from "./entry-queue.js";

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
}
