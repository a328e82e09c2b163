// Cells of a form: typed, sent, marked; Enter, Tab and arrow keys; a block pasted from a spreadsheet.

import { askConflict } from "./entry-conflict.js";
import { oneColumn, readBlock } from "./entry-paste.js";

export function startCells({ sheet, queue, texts }) {
  const cells = [...sheet.querySelectorAll("input.entry-input")];
  const stored = new WeakMap(); // input → text that the server has
  const base = sheet.dataset.url;

  const cellOf = (input) => input.closest("[data-cell]");
  const byCode = (code, near) =>
    cells.find((c) => c.dataset.element === code && c.dataset.column === near.dataset.column);

  function mark(input, state, text = "") {
    const place = cellOf(input).querySelector(".entry-state");
    place.dataset.state = state;
    place.textContent = text;
    if (state === "refused" || state === "locked") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function save(input) {
    if (input.readOnly || input.value.trim() === stored.get(input)) return;
    stored.set(input, input.value.trim());
    mark(input, "saving", texts.saving);
    queue.put({
      url: input.dataset.url,
      page: location.pathname,
      name: document.querySelector("h1").textContent.trim().replace(/\s+/g, " "),
      text: input.value,
      seen: input.dataset.seen,
      language: sheet.dataset.language,
    });
  }

  function answered(input, answer) {
    switch (answer.state) {
      case "saving":
        return mark(input, "saving", texts.saving);
      case "waiting":
        return mark(input, "waiting", texts.waiting);
      case "signed-out":
        return mark(input, "waiting", texts.signedOut);
      case "refused":
        if (!answer.typedAgain) mark(input, "refused", answer.reason);
        break;
      case "locked":
        mark(input, "locked", `${texts.notSaved}: ${answer.reason}`);
        return offerToDiscard(input);
      case "conflict":
        return conflict(input, answer);
      case "saved":
        for (const [code, cell] of Object.entries(answer.cells)) {
          const shown = byCode(code, input);
          // What is still on its way stays as it was typed.
          if (shown) take(shown, cell, Boolean(queue.get(shown.dataset.url)));
        }
    }
    told(input);
  }

  const told = (input) => cellOf(input).dispatchEvent(new CustomEvent("entry-saved", { bubbles: true }));

  // Nobody can store it any more: it stays until the person has seen it and lets it go.
  function offerToDiscard(input) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm ms-2";
    button.textContent = texts.discard;
    button.addEventListener("click", () => {
      queue.remove(input.dataset.url);
      location.reload();
    });
    cellOf(input).querySelector(".entry-state").append(button);
  }

  function take(input, cell, typedAgain) {
    input.dataset.seen = cell.seen;
    if (typedAgain) return;
    const untouched = input.value.trim() === stored.get(input) || input.value.trim() === "";
    if (document.activeElement !== input || untouched) {
      const selected = document.activeElement === input && input.selectionEnd - input.selectionStart > 0;
      input.value = cell.text;
      if (selected) input.select();
    }
    stored.set(input, cell.text);
    mark(input, "saved", texts.saved);
  }

  async function conflict(input, answer) {
    mark(input, "refused", texts.meanwhile.replace("%(answer)s", answer.theirs || texts.nothing));
    const keep = await askConflict(answer, input.labels[0]?.textContent ?? input.getAttribute("aria-label"), texts);
    queue.remove(input.dataset.url);
    input.dataset.seen = answer.seen;
    if (keep === "mine") {
      stored.delete(input);
      input.value = answer.mine;
      return save(input);
    }
    stored.set(input, answer.theirs);
    input.value = answer.theirs;
    mark(input, "saved", texts.saved);
    told(input);
  }

  function walk(input, step) {
    const column = cells.filter((cell) => cell.dataset.column === input.dataset.column && !cell.readOnly);
    const next = column[column.indexOf(input) + step];
    if (next) {
      next.focus();
      next.select();
    } else if (step > 0) {
      input.blur();
      document.querySelector("[data-entry-submit] button")?.focus();
    }
    return Boolean(next);
  }

  function sideways(input, step) {
    const row = cells.filter((cell) => cell.dataset.element === input.dataset.element);
    const next = row[row.indexOf(input) + step];
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  }

  function keys(event) {
    const input = event.target;
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.altKey) return; // entry-details.js
    const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      save(input);
      walk(input, event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      walk(input, -1);
    } else if (event.key === "ArrowLeft" && (whole || input.selectionEnd === 0)) {
      if (sideways(input, -1)) event.preventDefault();
    } else if (event.key === "ArrowRight" && (whole || input.selectionStart === input.value.length)) {
      if (sideways(input, 1)) event.preventDefault();
    }
  }

  // A block goes down from the cell where it is pasted; in a table of units also to the right.
  function paste(event) {
    const block = readBlock(event.clipboardData?.getData("text") ?? "");
    if (!block) return;
    event.preventDefault();
    const start = event.target;
    const columns = [...new Set(cells.map((cell) => cell.dataset.column))];
    const codes = [...new Set(cells.map((cell) => cell.dataset.element))]; // not every unit has each of them
    const rows = columns.length === 1 ? oneColumn(block) : block;
    if (!rows) return tell(texts.pasteColumns);
    const fill = [];
    let left = 0;
    rows.forEach((row, down) =>
      row.forEach((value, right) => {
        const column = columns[columns.indexOf(start.dataset.column) + right];
        const code = codes[codes.indexOf(start.dataset.element) + down];
        const target = cells.find((cell) => cell.dataset.element === code && cell.dataset.column === column);
        if (value === "") return;
        if (target && !target.readOnly) fill.push([target, value]);
        else left += 1;
      }),
    );
    for (const [target, value] of fill) {
      target.value = value;
      save(target);
    }
    fill.at(-1)?.[0].focus();
    tell(`${texts.pasted.replace("%(count)s", fill.length)} ${left ? texts.pasteLeft.replace("%(count)s", left) : ""}`);
  }

  // Beside the cells it is about, wherever the page is scrolled to.
  function tell(text) {
    const place = document.querySelector("[data-entry-told]");
    place.textContent = text;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => (place.textContent = ""), 12_000);
  }

  for (const input of cells) {
    stored.set(input, input.value.trim());
    queue.listen(input.dataset.url, (answer) => answered(input, answer));
    const left = queue.get(input.dataset.url);
    if (left) {
      // Typed before and not answered yet: shown again, and sent again.
      input.value = left.text;
      stored.set(input, left.text.trim());
      mark(input, "waiting", texts.waiting);
      if (left.stuck) queue.put({ ...left, stuck: undefined });
    }
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => save(input));
    input.addEventListener("keydown", keys);
    input.addEventListener("paste", paste);
  }
  addEventListener("pagehide", () => document.activeElement instanceof HTMLInputElement && document.activeElement.blur());

  document.querySelector("[data-entry-submit]")?.addEventListener("submit", (event) => {
    const left = queue.waiting(base).length;
    if (!left) return;
    event.preventDefault();
    queue.flush();
    say(event.target, texts.submitWaits.replace("%(count)s", left));
  });

  function say(form, text) {
    let place = form.querySelector("[role=alert]");
    if (!place) {
      place = document.createElement("p");
      place.setAttribute("role", "alert");
      place.className = "entry-waits";
      form.append(place);
    }
    place.textContent = text;
  }

  sheet.addEventListener("entry-answer", (event) => {
    const input = cells.find((cell) => cell.dataset.element === event.detail.element);
    input.value = event.detail.text;
    save(input);
    input.focus();
  });
}
