// A figure: Chart / Table / Sources as tabs, and downloads of what is shown.
import { make, word } from "./dom";

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
  const drawing = () => figure.querySelector<SVGSVGElement>("[data-pane=chart] svg:not(.legend svg)");
  if (drawing()) {
    add("SVG", () => save(file(figure, "svg"), new Blob([source(drawing()!)], { type: "image/svg+xml" })));
    add("PNG", () => void png(drawing()!).then((blob) => save(file(figure, "png"), blob)));
  }
  add("CSV", () => save(file(figure, "csv"), new Blob(["\ufeff", csv(figure)], { type: "text/csv" })));
  box.append(make("summary", {}, word("download"), make("span", { class: "quiet" }, `: ${title}`)), list);
  document.addEventListener("click", (event) => { if (!box.contains(event.target as Node)) box.open = false; });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { box.open = false; box.querySelector("summary")?.focus(); }
  });
  return box;
}

const file = (figure: HTMLElement, ending: string) => `ytterby-${figure.dataset.name ?? "figure"}.${ending}`;

/** Markup of a drawing that stands by itself: computed colours in place of those of the page. */
function source(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((item, at) => {
    const style = getComputedStyle(item);
    for (const name of ["fill", "stroke"]) if (style.getPropertyValue(name)) to[at]!.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

async function png(drawing: SVGSVGElement): Promise<Blob> {
  const { width, height } = drawing.viewBox.baseVal;
  const scale = Math.max(2, 1600 / width);
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source(drawing))}`; // the policy allows no blob as a picture
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
