// What belongs to a cell beside its number: opened with its button or Alt+↓, closed with Escape.
// Problems found by the server mark their cells.

export function startDetails(sheet) {
  const placeOf = (code) => document.getElementById(`details-${code}`);

  function toggle(button, open = placeOf(button.dataset.details).hidden) {
    placeOf(button.dataset.details).hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }

  sheet.addEventListener("click", (event) => {
    const button = event.target.closest("[data-details]");
    if (button) toggle(button);
    const answer = event.target.closest("[data-answer]");
    if (answer) {
      const detail = { element: answer.dataset.for, text: answer.dataset.answer };
      sheet.dispatchEvent(new CustomEvent("entry-answer", { detail }));
    }
  });

  sheet.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    const button = cell?.querySelector("[data-details]");
    if (!button) return;
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      button.click();
      placeOf(button.dataset.details).addEventListener(
        "htmx:afterSettle",
        ({ currentTarget }) => currentTarget.querySelector("button, input")?.focus(),
        { once: true },
      );
    } else if (event.key === "Escape" && event.target.closest(".entry-details")) {
      toggle(button, false);
      cell.querySelector("input.entry-input").focus();
    }
  });

  // The first cell a problem is about also says it: on a phone the list of problems is far away.
  function markProblems() {
    const worst = {};
    const said = {};
    for (const problem of document.querySelectorAll("[data-problem]")) {
      const { severity } = problem.dataset;
      const codes = problem.dataset.problem.trim().split(" ");
      for (const code of codes) if (worst[code] !== "hard") worst[code] = severity;
      if (severity !== "confirmed" && !said[codes[0]]) said[codes[0]] = problem.querySelector("a").textContent;
    }
    for (const cell of sheet.querySelectorAll("[data-cell]")) {
      cell.dataset.severity = worst[cell.dataset.cell] ?? "";
      const place = cell.querySelector(".entry-said");
      // What was refused says so already.
      const isRefused = cell.querySelector(".entry-state").dataset.state === "refused";
      if (place) place.textContent = isRefused ? "" : (said[cell.dataset.cell] ?? "");
    }
  }

  // Who has given one reason goes on with the next, and in the end to the button.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (!detail.requestConfig.elt.matches(".entry-confirm") || document.activeElement !== document.body) return;
    document.querySelector(".entry-confirm [name=reason], [data-entry-submit] button")?.focus();
  });

  document.addEventListener("htmx:afterSwap", markProblems);
  markProblems();
}
