// Light or dark, set before the page is painted: load in <head> without defer.
// Follows the system until the visitor chooses with a button [data-theme-choice=light|dark|auto].
// Paper is always light. Every change is announced as the event "imbang:theme" on document.

const KEY = "imbang-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

function choice() {
  try {
    return localStorage.getItem(KEY) || "auto";
  } catch {
    return "auto"; // storage is switched off in this browser
  }
}

function apply(theme = choice()) {
  const wanted = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  if (root.dataset.bsTheme === wanted) return;
  root.dataset.bsTheme = wanted;
  document.dispatchEvent(new CustomEvent("imbang:theme"));
}

function markChoice() {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice()));
  }
}

apply();
dark.addEventListener("change", () => apply());
addEventListener("storage", (event) => event.key === KEY && apply());
addEventListener("beforeprint", () => apply("light"));
addEventListener("afterprint", () => apply());
document.addEventListener("DOMContentLoaded", markChoice);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice]");
  if (!button) return;
  try {
    localStorage.setItem(KEY, button.dataset.themeChoice);
  } catch {
    // kept for this page only
  }
  apply(button.dataset.themeChoice);
  markChoice();
});
