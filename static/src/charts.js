// Draws the page's charts.
//
//   <script type="application/json" id="plotly-template">{…}</script>        once a page
//   <div data-plotly="chart-bor" role="img" aria-label="…"></div>            a place
//   <script type="application/json" id="chart-bor">{"data": […], "layout": {…}}</script>
//
// A colour may be written "var(--imbang-good)": it is looked up for the theme in force, and the
// charts are redrawn when that changes. A chart is drawn when it comes near the visible part of
// the page, and before printing. A drawn one carries data-plotly-drawn.

import Plotly from "plotly.js/lib/core";
import bar from "plotly.js/lib/bar";
import heatmap from "plotly.js/lib/heatmap";
import indicator from "plotly.js/lib/indicator";
import indonesian from "plotly.js/lib/locales/id";
import scatterpolar from "plotly.js/lib/scatterpolar";

Plotly.register([bar, heatmap, indicator, scatterpolar, withNumbers(indonesian)]);

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) draw(entry.target);
    }
  },
  { rootMargin: "300px" },
);

/** plotly's Indonesian knows neither the decimal comma nor today's spelling of two months. */
function withNumbers(locale) {
  const months = locale.format.months.map((name) => name.replace("Nopember", "November"));
  const shortMonths = months.map((name) => name.slice(0, 3));
  return { ...locale, format: { ...locale.format, months, shortMonths, decimal: ",", thousands: "." } };
}

function readJson(id) {
  const script = document.getElementById(id);
  return script ? JSON.parse(script.textContent) : undefined;
}

/** A copy of `value` in which every "var(--name)" is the colour of the theme in force. */
function withColours(value, style) {
  if (typeof value === "string") {
    const name = value.match(/^var\((--[\w-]+)\)$/);
    return name ? style.getPropertyValue(name[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map((item) => withColours(item, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withColours(item, style)]));
  }
  return value;
}

function draw(place) {
  seen.unobserve(place);
  const figure = readJson(place.dataset.plotly);
  if (!figure) return;
  const layout = { ...figure.layout };
  layout.template ??= readJson("plotly-template");
  layout.autosize = true;
  if (reducedMotion.matches) layout.transition = { duration: 0 };
  const style = getComputedStyle(document.documentElement);
  const config = {
    displayModeBar: false,
    doubleClick: "reset",
    locale: document.documentElement.lang || "id",
    responsive: true,
    scrollZoom: false,
    ...figure.config,
  };
  Plotly.react(place, withColours(figure.data, style), withColours(layout, style), config);
  place.dataset.plotlyDrawn = "";
}

function places(part) {
  const inside = [...part.querySelectorAll("[data-plotly]")];
  return part.matches?.("[data-plotly]") ? [part, ...inside] : inside;
}

function watch(part) {
  places(part).forEach((place) => seen.observe(place));
}

watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target));
document.addEventListener("htmx:beforeCleanupElement", (event) => {
  places(event.target).forEach((place) => {
    seen.unobserve(place);
    if ("plotlyDrawn" in place.dataset) Plotly.purge(place);
  });
});
document.addEventListener("imbang:theme", () => {
  document.querySelectorAll("[data-plotly-drawn]").forEach(draw);
});
addEventListener("beforeprint", () => places(document).forEach(draw));
