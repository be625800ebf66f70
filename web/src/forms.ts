// Forms that ask a question show the answer as soon as a field changes; sliders while they move.

type Go = (url: string, live: boolean) => void;

export function upgradeForms(root: ParentNode, go: Go): void {
  root.querySelectorAll<HTMLFormElement>("form[data-auto]").forEach((form) => {
    const send = (live: boolean) => go(address(form), live);
    form.addEventListener("submit", (event) => { event.preventDefault(); send(false); });
    form.addEventListener("change", (event) => {
      if (!(event.target as HTMLElement).matches("[type=search],[data-live]")) send(false);
    });
    form.querySelectorAll<HTMLInputElement>("[data-live]").forEach((field) => {
      let waiting = 0;
      field.addEventListener("input", () => {
        const shown = field.parentElement?.querySelector("output");
        const told = field.dataset.labels ? (JSON.parse(field.dataset.labels) as string[])[Number(field.value)] ?? field.value : field.value;
        if (shown) shown.textContent = told;
        if (field.dataset.labels) field.setAttribute("aria-valuetext", told);
        clearTimeout(waiting);
        waiting = setTimeout(() => send(true), 80);
      });
    });
  });
}

/** Address of what a form asks for, without empty fields. */
function address(form: HTMLFormElement): string {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value !== "") asked.set(name, value);
  return `${form.action.split("?")[0]}?${asked}`;
}
