// Views are addresses: a form or link inside a page fetches the new page and puts its content in place, so that a redraw takes a moment.
import { upgradeFigures } from "./figures";
import { upgradeForms } from "./forms";
import { upgradeJobs } from "./jobs";
import { upgradeQueue } from "./queue";
import { upgradeWriter } from "./write";
import { upgradeZoom } from "./zoom";

let latest: AbortController | null = null;

/** Make what a part of a page brings with it work. */
export function upgrade(root: ParentNode): void {
  upgradeForms(root, (url, live) => void go(url, live ? "replace" : "push"));
  upgradeFigures(root);
  upgradeJobs(root);
  upgradeZoom(root);
  upgradeQueue(root);
  upgradeWriter(root);
}

/** Show another view of this page without loading it anew; on any trouble the browser goes there by itself. */
export async function go(url: string, how: "push" | "replace" | "none"): Promise<void> {
  latest?.abort();
  const mine = (latest = new AbortController());
  const main = document.querySelector("main")!;
  main.setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = next.querySelector("main");
    if (!fresh) { location.assign(url); return; }
    if (how !== "none") history[how === "push" ? "pushState" : "replaceState"](null, "", url);
    place(main, fresh, next);
    if (main.querySelector("[data-wait]")) setTimeout(() => { if (latest === mine) void go(url, "none"); }, 2000);
  } catch (error) {
    if ((error as Error).name !== "AbortError") location.assign(url);
    return;
  } finally {
    if (latest === mine) main.removeAttribute("aria-busy");
  }
}

/** Put the new content in, but leave a field that is being moved where it is, and bring the focus back. */
function place(main: Element, fresh: Element, next: Document): void {
  const held = document.activeElement as HTMLElement | null;
  const key = held && main.contains(held) ? path(held) : "";
  const dragged = held instanceof HTMLInputElement && held.type === "range" ? held : null;
  document.title = next.title;
  for (const item of document.querySelectorAll<HTMLAnchorElement>(".langs a, .menu a")) {
    const twin = next.querySelector<HTMLAnchorElement>(`${item.closest(".langs") ? ".langs" : ".menu"} a[href^="${CSS.escape(item.pathname)}"]`);
    if (item.closest(".langs")) item.search = withLang(item); else if (twin && twin.pathname === item.pathname) item.search = twin.search;
  }
  upgrade(fresh);
  if (dragged) {
    const twin = fresh.querySelector<HTMLInputElement>(`input[name="${dragged.name}"]`);
    const form = dragged.form, other = twin?.form;
    if (twin && form && other) { // the field under the finger stays; what stands around it is the new one
      other.replaceWith(form);
      for (const field of Array.from(other.elements) as HTMLInputElement[]) {
        const mine = form.elements.namedItem(field.name) as HTMLInputElement | null;
        if (mine && mine !== dragged && "disabled" in mine) mine.disabled = field.disabled;
      }
    }
  }
  main.replaceChildren(...Array.from(fresh.childNodes));
  if (dragged) dragged.focus({ preventScroll: true });
  else if (key) main.querySelector<HTMLElement>(key)?.focus({ preventScroll: true });
}

const withLang = (item: HTMLAnchorElement): string => {
  const found = new URLSearchParams(location.search);
  found.set("lang", item.lang);
  return `?${found}`;
};

/** Selector that finds an element again in the new content: by its id, the name of its field, or its address. */
function path(item: HTMLElement): string {
  if (item.id) return `#${CSS.escape(item.id)}`;
  const name = item.getAttribute("name");
  if (name) return `[name="${CSS.escape(name)}"]`;
  const href = item.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : "";
}

export function listen(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    void go(link.getAttribute("href")!, "push");
  });
  addEventListener("popstate", () => void go(location.href, "none"));
}
