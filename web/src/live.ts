// Drawings of the server become charts that can be pointed at, once they come near the view; the library is loaded with the first.
import { make } from "./dom";

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { near.unobserve(entry.target); void enliven(entry.target as HTMLElement); }
}, { rootMargin: "300px" });

export function upgradeLive(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>(".pane[data-live]:not([data-alive])").forEach((pane) => near.observe(pane));
}

async function enliven(pane: HTMLElement): Promise<void> {
  const { mount } = await import("./charts/index");
  const text = pane.querySelector("script[type='application/json']")?.textContent;
  if (!text || pane.dataset.alive !== undefined) return;
  pane.dataset.alive = "";
  const box = make("div", { class: "live" });
  pane.prepend(box);
  if (!mount(box, JSON.parse(text))) { box.remove(); delete pane.dataset.alive; }
}
