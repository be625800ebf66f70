// Views are addresses: forms and links inside a page ask htmx for the new page and put its parts in place; back works.
import htmx from "htmx.org/dist/htmx.esm.js";

const ALWAYS = "#langs,#pages"; // links of the frame keep what is asked

Object.assign(htmx.config, {
  includeIndicatorStyles: false, // the policy allows no inline style
  allowEval: false,
  historyCacheSize: 0, // a page may have changed since: it is asked for again, which costs an answer "304"
  defaultSettleDelay: 0,
  globalViewTransitions: false,
  responseHandling: [{ code: ".*", swap: true }], // faults are pages too
});

/** Make an element ask for an address when told to by the event `ask`: the whole page, or the named parts of it. */
export function asks(item: Element, address: string, parts = ""): void {
  const main = { "hx-target": "#main", "hx-select": "#main", "hx-swap": "outerHTML show:none", "hx-select-oob": ALWAYS };
  const some = { "hx-target": "this", "hx-swap": "none", "hx-select-oob": `${parts},${ALWAYS}` };
  const rest = { "hx-get": address, "hx-trigger": "ask", "hx-sync": "#main:replace", "hx-push-url": "true" };
  for (const [name, value] of Object.entries({ ...rest, ...(parts ? some : main) })) item.setAttribute(name, value);
  htmx.process(item as HTMLElement);
}

/** Ask; while a slider moves, the address changes without a step in the history. */
export function ask(item: Element, live = false): void {
  item.removeAttribute(live ? "hx-push-url" : "hx-replace-url");
  item.setAttribute(live ? "hx-replace-url" : "hx-push-url", "true");
  htmx.trigger(item as HTMLElement, "ask", {});
}

/** Ask for the page as it is now. */
export function again(): void {
  void htmx.ajax("get", location.href, { target: "#main", select: "#main", swap: "outerHTML show:none" });
}

/** Tell of each part that is put in. */
export function listen(upgrade: (part: Element) => void): void {
  const busy = (on: boolean) => { const main = document.getElementById("main"); if (on) main?.setAttribute("aria-busy", "true"); else main?.removeAttribute("aria-busy"); };
  const on = (name: string, run: (detail: Detail, event: Event) => void) => document.body.addEventListener(name, (event) => run((event as CustomEvent<Detail>).detail, event));
  on("htmx:configRequest", ({ formData }) => { for (const [name, value] of Array.from(formData?.entries() ?? [])) if (value === "") formData!.delete(name); });
  on("htmx:beforeRequest", () => busy(true));
  on("htmx:afterRequest", () => busy(false));
  on("htmx:load", ({ elt }) => { if (elt && elt !== document.body) upgrade(elt); });
  on("htmx:beforeSwap", (detail, event) => { if (!detail.xhr?.responseText.includes("<main")) { event.preventDefault(); location.assign(detail.pathInfo?.finalRequestPath ?? location.href); } });
  on("htmx:sendError", (detail) => location.assign(detail.pathInfo?.finalRequestPath ?? location.href));
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!link.hasAttribute("hx-get")) asks(link, link.getAttribute("href")!);
    ask(link);
  });
}

interface Detail { elt?: Element; formData?: FormData; xhr?: XMLHttpRequest; pathInfo?: { finalRequestPath?: string } }
