// A figure: Chart / Table / Sources as tabs, and downloads of what is shown.
import { make, svg, word } from "./dom";

const NAMES = ["chart", "table", "sources"] as const;

export function upgradeFigures(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("figure.view:not([data-ready])").forEach(upgrade);
}

function upgrade(figure: HTMLElement): void {
  figure.dataset.ready = "";
  const panes = NAMES.map((name) => figure.querySelector<HTMLElement>(`:scope > [data-pane=${name}]`));
  const title = figure.querySelector("figcaption")?.textContent?.trim() ?? "";
  const bar = make("div", { class: "tabs" });
  const list = make("div", { role: "tablist", "aria-label": `${word("views")}: ${title}` });
  const tabs: HTMLButtonElement[] = [];
  panes.forEach((pane, at) => {
    const name = NAMES[at]!;
    if (!pane) return;
    const body = pane instanceof HTMLDetailsElement ? unfolded(pane) : pane;
    body.id = `${figure.id}-${name}`;
    const tab = make("button", { type: "button", role: "tab", id: `${body.id}-tab`, "aria-controls": body.id }, word(name));
    body.setAttribute("role", "tabpanel");
    body.setAttribute("aria-labelledby", tab.id);
    tabs.push(tab);
    tab.addEventListener("click", () => show(figure, tabs, tabs.indexOf(tab)));
    list.append(tab);
  });
  list.addEventListener("keydown", (event) => steer(event, figure, tabs));
  bar.append(list, downloads(figure, title));
  figure.querySelector("figcaption")?.after(bar);
  show(figure, tabs, 0);
}

/** The content of a fold as a plain pane. */
function unfolded(fold: HTMLDetailsElement): HTMLElement {
  const pane = make("div", { class: fold.className });
  pane.dataset.pane = fold.dataset.pane ?? "";
  pane.append(...Array.from(fold.children).filter((child) => child.tagName !== "SUMMARY"));
  fold.replaceWith(pane);
  return pane;
}

function show(figure: HTMLElement, tabs: HTMLButtonElement[], at: number): void {
  tabs.forEach((tab, index) => {
    tab.setAttribute("aria-selected", String(index === at));
    tab.tabIndex = index === at ? 0 : -1;
    const pane = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (pane && figure.contains(pane)) pane.hidden = index !== at;
  });
}

function steer(event: KeyboardEvent, figure: HTMLElement, tabs: HTMLButtonElement[]): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  const next = step ? (now + step + tabs.length) % tabs.length : { Home: 0, End: tabs.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  show(figure, tabs, next);
  tabs[next]?.focus();
}

function downloads(figure: HTMLElement, title: string): HTMLElement {
  const box = make("details", { class: "get" });
  const list = make("div");
  const add = (label: string, run: () => void) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => { box.open = false; run(); });
    list.append(button);
  };
  const drawing = () => figure.querySelector<SVGSVGElement>(".live svg") ?? figure.querySelector<SVGSVGElement>("[data-pane=chart] svg:not(.legend svg)");
  if (drawing()) {
    add("SVG", () => save(file(figure, "svg"), new Blob([source(figure, drawing()!).text], { type: "image/svg+xml" })));
    add("PNG", () => void png(source(figure, drawing()!)).then((blob) => save(file(figure, "png"), blob)));
  }
  add("CSV", () => save(file(figure, "csv"), new Blob(["\ufeff", csv(figure)], { type: "text/csv" })));
  if (figure.dataset.xlsx) {
    const link = make("a", { href: figure.dataset.xlsx, download: file(figure, "xlsx") }, "XLSX");
    link.addEventListener("click", () => { box.open = false; });
    list.append(link);
  }
  box.append(make("summary", {}, word("download"), make("span", { class: "quiet" }, `: ${title}`)), list);
  document.addEventListener("click", (event) => { if (!box.contains(event.target as Node)) box.open = false; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { box.open = false; box.querySelector("summary")?.focus(); }
  });
  return box;
}

const file = (figure: HTMLElement, ending: string) => `ytterby-${figure.dataset.name ?? "figure"}.${ending}`;

interface Picture { text: string; width: number; height: number }
const LINE = 18, MARGIN = 12; // [px of the picture]

/** Markup of a drawing that stands by itself: its title above, its legend and source below, computed colours in place of those of the page. */
function source(figure: HTMLElement, drawing: SVGSVGElement): Picture {
  const copy = coloured(drawing);
  const box = drawing.viewBox.baseVal, shown = drawing.closest(".live") || !box?.width ? { width: drawing.clientWidth, height: drawing.clientHeight } : box;
  const unit = Math.min(Math.max(shown.width / 640, 1), 1.4), inks = getComputedStyle(document.body);
  const keys = Array.from(figure.querySelectorAll<HTMLLIElement>(".legend li"));
  const below = [...keys.map((item) => item.textContent!.trim()), [figure.querySelector(".source")?.textContent?.trim() ?? "", "Ytterby"].filter(Boolean).join(" · ")];
  const head = (LINE + 10) * unit, margin = MARGIN * unit, width = shown.width + 2 * margin, height = shown.height + head + (below.length * LINE + 8) * unit + margin;
  const made = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, "font-family": inks.fontFamily });
  const write = (text: string, y: number, size: number, fill: string, weight = 400, x = margin) => made.append(svg("text", { x, y, "font-size": size * unit, fill, "font-weight": weight, "font-family": "Helvetica Neue, Helvetica, Arial, sans-serif" }, text));
  made.append(svg("rect", { width, height, fill: inks.backgroundColor }));
  write(figure.querySelector("figcaption :is(h2,h3,h4)")?.firstChild?.textContent?.trim() ?? "", LINE * unit, 15, inks.color, 600);
  for (const [name, value] of Object.entries({ x: margin, y: head, width: shown.width, height: shown.height })) copy.setAttribute(name, String(value));
  made.append(copy);
  below.forEach((text, at) => {
    const y = head + shown.height + (at + 1) * LINE * unit, swatch = keys[at]?.querySelector("svg");
    if (swatch) made.append(placed(swatch, margin, y - 10 * unit, 12 * unit));
    write(text, y, 11, inks.getPropertyValue("--muted").trim() || inks.color, 400, swatch ? margin + ((swatch.viewBox.baseVal.width || 20) + 8) * unit : margin);
  });
  return { text: new XMLSerializer().serializeToString(made), width, height };
}

/** Copy of a drawing with the colours that it has on the page. */
function coloured(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((item, at) => {
    const style = getComputedStyle(item);
    for (const name of ["fill", "stroke", "stroke-opacity", "stroke-linecap"]) if (style.getPropertyValue(name)) to[at]!.setAttribute(name, style.getPropertyValue(name));
  });
  copy.removeAttribute("style");
  return copy;
}

/** A swatch of the legend at a place of the picture. */
function placed(swatch: SVGSVGElement, x: number, y: number, height: number): SVGSVGElement {
  const copy = coloured(swatch), { width, height: tall } = swatch.viewBox.baseVal;
  for (const [name, value] of Object.entries({ x, y, height, width: height * width / tall })) copy.setAttribute(name, String(value));
  return copy;
}

async function png({ text, width, height }: Picture): Promise<Blob> {
  const scale = Math.max(2, 1600 / width);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`; // the policy allows no blob as a picture
  await picture.decode();
  const canvas = make("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture")))));
}

/** The table of a figure; a cell that a spreadsheet would take for a formula is marked as text. */
function csv(figure: HTMLElement): string {
  const rows = Array.from(figure.querySelectorAll<HTMLTableRowElement>("[data-pane=table] tr"));
  const cell = (text: string) => `"${(/^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return rows.map((row) => Array.from(row.cells, (item) => cell((item.textContent ?? "").trim())).join(",")).join("\r\n");
}

export function save(name: string, blob: Blob): void {
  const link = make("a", { download: name, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
