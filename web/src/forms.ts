// Forms that ask a question show the answer as soon as a field changes; sliders while they move.
// `data-parts` names the parts of the page that change, so that a field under the finger stays where it is.
import { ask, asks } from "./ask";

export function upgradeForms(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form[data-auto]").forEach((form) => {
    asks(form, form.getAttribute("action")!.split("?")[0]!, form.dataset.parts);
    form.addEventListener("submit", (event) => { event.preventDefault(); ask(form); });
    form.addEventListener("change", (event) => {
      if (!(event.target as HTMLElement).matches("[type=search],[data-live]")) ask(form);
    });
    form.querySelectorAll<HTMLInputElement>("[data-live]").forEach((field) => follow(form, field));
  });
}

/** Ask while a slider moves, and write its value beside it at once. */
function follow(form: HTMLFormElement, field: HTMLInputElement): void {
  let waiting = 0;
  field.addEventListener("input", () => {
    const shown = field.parentElement?.querySelector("output");
    const told = field.dataset.labels ? (JSON.parse(field.dataset.labels) as string[])[Number(field.value)] ?? field.value : field.value;
    if (shown) shown.textContent = told;
    if (field.dataset.labels) field.setAttribute("aria-valuetext", told);
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(form, true), 80);
  });
}
