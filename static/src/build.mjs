// Builds static/dist/ from static/src/ and the locked packages: `npm run build`, called by `make setup`.

import { build } from "esbuild";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";

const source = new URL("./", import.meta.url);
const target = new URL("../dist/", import.meta.url);
const icons = new URL("../../node_modules/@tabler/icons/icons/", import.meta.url);

await rm(target, { recursive: true, force: true });
await build({
  entryPoints: ["theme.js", "app.js", "charts.js", "entry.js", "answering.js", "paper.js", "app.css", "admin.css"].map(
    (name) => new URL(name, source).pathname,
  ),
  outdir: target.pathname,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020", "chrome100", "firefox100", "safari15"],
  // Scripts bring no styles of their own: what plotly.js imports belongs to maps, which are left out.
  plugins: [
    {
      name: "no styles from scripts",
      setup: (bundle) =>
        bundle.onLoad({ filter: /maplibre-gl.*\.css$/ }, () => ({ contents: "", loader: "empty" })),
    },
  ],
  // plotly.js was written for a bundler that knows these two Node names.
  define: { global: "window" },
  legalComments: "linked",
  logLevel: "warning",
});
await copyFile(new URL("favicon.svg", source), new URL("favicon.svg", target));
await writeFile(new URL("icons.svg", target), await iconSprite());

/** One svg with a symbol per name in icons.txt: `<svg class="icon"><use href="…/icons.svg#check"/></svg>`. */
async function iconSprite() {
  const names = (await readFile(new URL("icons.txt", source), "utf8"))
    .split("\n")
    .map((line) => line.split("#")[0].trim())
    .filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(new URL(`outline/${name}.svg`, icons), "utf8").catch(() => {
        throw new Error(`static/src/icons.txt: Tabler has no icon "${name}"`);
      });
      const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return (
        `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"` +
        ` stroke-linecap="round" stroke-linejoin="round">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`
      );
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}
