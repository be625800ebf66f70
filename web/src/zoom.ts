// A map that can be drawn nearer: by buttons, by the wheel with Ctrl, by dragging once it is near.
import { make } from "./dom";

const STEP = 1.6, NEAREST = 8;

export function upgradeZoom(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-zoom]").forEach(upgrade);
}

function upgrade(box: HTMLElement): void {
  const drawing = box.querySelector("svg");
  if (!drawing) return;
  const { width, height } = drawing.viewBox.baseVal;
  let near = 1, x = width / 2, y = height / 2;
  const show = () => {
    const w = width / near, h = height / near;
    x = Math.min(Math.max(x, w / 2), width - w / 2);
    y = Math.min(Math.max(y, h / 2), height - h / 2);
    drawing.setAttribute("viewBox", `${x - w / 2} ${y - h / 2} ${w} ${h}`);
    drawing.style.cursor = near > 1 ? "grab" : "";
    drawing.style.touchAction = near > 1 ? "none" : "";
    out.disabled = near <= 1;
    into.disabled = near >= NEAREST;
  };
  const by = (factor: number) => { near = Math.min(Math.max(near * factor, 1), NEAREST); show(); };
  const button = (text: string, label: string, run: () => void) => {
    const made = make("button", { type: "button", "aria-label": label, title: label }, text);
    made.addEventListener("click", run);
    return made;
  };
  const into = button("+", box.dataset.in ?? "+", () => by(STEP)), out = button("−", box.dataset.out ?? "−", () => by(1 / STEP));
  box.append(make("div", { class: "zoom" }, into, out));
  box.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); by(event.deltaY < 0 ? 1.2 : 1 / 1.2); } }, { passive: false });
  drag(drawing, () => near > 1, (dx, dy) => { x -= dx * (width / near) / drawing.clientWidth; y -= dy * (width / near) / drawing.clientWidth; show(); });
  show();
}

/** Move by dragging; a drag is no click on what lies under it. */
function drag(drawing: SVGSVGElement, may: () => boolean, by: (dx: number, dy: number) => void): void {
  let from: { x: number; y: number } | null = null, moved = false;
  drawing.addEventListener("pointerdown", (event) => { if (may()) { from = { x: event.clientX, y: event.clientY }; moved = false; } });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x, dy = event.clientY - from.y;
    if (!moved && Math.hypot(dx, dy) < 4) return;
    moved = true;
    by(dx, dy);
    from = { x: event.clientX, y: event.clientY };
  });
  addEventListener("pointerup", () => { from = null; });
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  drawing.addEventListener("click", (event) => { if (moved) { event.preventDefault(); event.stopPropagation(); moved = false; } }, { capture: true });
}
