// A map: finer shapes when it comes into view, and a card at the place that is pointed at.
import { make } from "./dom";

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    void import("./shapes").then(({ refine }) => refine(entry.target as HTMLElement));
  }
});

export function upgradeMaps(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-shapes]").forEach((box) => {
    if (box === document.body) return;
    near.observe(box);
    point(box);
    new ResizeObserver(() => { if (box.isConnected) letter(box); }).observe(box);
  });
}

function point(box: HTMLElement): void {
  const card = make("div", { class: "tip over", "aria-hidden": "true" });
  card.hidden = true;
  box.append(card);
  box.querySelectorAll("a > path > title").forEach((title) => title.remove()); // said by the link; the card takes its place
  const show = (link: Element, x: number, y: number) => {
    const [name, told] = split(link.getAttribute("aria-label") ?? "");
    card.replaceChildren(make("strong", {}, name), ...(told ? [make("span", {}, told)] : []));
    card.hidden = false;
    const frame = box.getBoundingClientRect(), left = x - frame.left + 14, top = y - frame.top + 14;
    card.style.left = `${Math.max(0, Math.min(left, frame.width - card.offsetWidth - 4))}px`;
    card.style.top = `${top + card.offsetHeight > frame.height ? Math.max(0, y - frame.top - card.offsetHeight - 10) : top}px`;
  };
  const hide = () => { card.hidden = true; };
  box.addEventListener("pointermove", (event) => {
    const link = (event.target as Element).closest("a[aria-label]");
    if (link) show(link, event.clientX, event.clientY); else hide();
  });
  box.addEventListener("pointerleave", hide);
  box.addEventListener("focusin", (event) => {
    const link = (event.target as Element).closest("a[aria-label]"), at = link?.getBoundingClientRect();
    if (link && at && link.matches(":focus-visible")) show(link, at.left + at.width / 2, at.top + at.height / 2);
  });
  box.addEventListener("focusout", hide);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); else step(box, event); });
}

const LEAST = 10.5; // [px]

/** Names as large as can be read at the width of the map; those without room are left out, the larger shares first. */
function letter(box: HTMLElement): void {
  const drawing = box.querySelector("svg"), names = Array.from(box.querySelectorAll<SVGTextElement>("svg > text, svg > g > text"));
  if (!drawing?.clientWidth || !names.length) return;
  const whole = Number(drawing.dataset.wide ??= String(drawing.viewBox.baseVal.width)); // it may be drawn nearer now
  const size = Math.max(13, LEAST * whole / drawing.clientWidth);
  const taken: DOMRect[] = [];
  let before: SVGTextElement | undefined;
  for (const name of names) {
    name.setAttribute("font-size", String(size));
    if (before?.textContent === name.textContent) { // the name upon its halo
      for (const key of ["x", "visibility"]) name.setAttribute(key, before.getAttribute(key) ?? "visible");
      continue;
    }
    before = name;
    name.removeAttribute("visibility");
    const over = name.getBBox().x + name.getBBox().width - whole + 2;
    if (over > 0) name.setAttribute("x", String(Number(name.getAttribute("x")) - over));
    const at = name.getBoundingClientRect();
    if (taken.some((other) => at.left < other.right && at.right > other.left && at.top < other.bottom && at.bottom > other.top)) name.setAttribute("visibility", "hidden");
    else taken.push(at);
  }
}

/** Arrow keys go from place to place. */
function step(box: HTMLElement, event: KeyboardEvent): void {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const links = Array.from(box.querySelectorAll<SVGAElement>("svg a")), at = links.indexOf(event.target as SVGAElement);
  if (!by || at < 0) return;
  event.preventDefault();
  links[(at + by + links.length) % links.length]?.focus();
}

/** What is named, and what is told of it. */
function split(text: string): [string, string] {
  const at = text.lastIndexOf(": ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}
