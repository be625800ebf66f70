// A scenario that is being written: a form and its file beside each other, checked while one changes either, saved under a name, run.
import { begin, change } from "./jobs";

interface Problem { detail?: string; faults?: string[]; title?: string }
interface Change { do: "value" | "range" | "probability" | "add" | "remove"; key: string; value?: unknown; low?: number | null; high?: number | null; kind?: string }
interface Written { yaml: string; fault: string; form: string | null; detail?: string }

export function upgradeWriter(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form.writer").forEach((form) => {
    const text = form.querySelector("textarea")!, shown = form.querySelector<HTMLElement>("[role=status]")!;
    const fields = form.querySelector<HTMLElement>(".scenario-form")!;
    let waiting = 0, asked = 0;

    /** Ask for the text after a change, and for the form that belongs to it; a later question makes an earlier answer void. */
    const ask = async (made?: Change) => {
      const mine = ++asked, reply = await change("POST", `/write/form?lang=${form.dataset.lang}`, { yaml: text.value, ...(made ? { change: made } : {}) });
      const found = (await reply.json()) as Written;
      if (mine !== asked) return;
      const fault = reply.ok ? found.fault : found.detail ?? reply.statusText;
      tell(shown, fault ? fault.split("\n") : [form.dataset.good!], Boolean(fault));
      text.setAttribute("aria-invalid", String(Boolean(fault)));
      if (!reply.ok) return;
      if (made) text.value = found.yaml;
      if (found.form !== null) redraw(fields, found.form);
    };
    const later = (made?: Change) => { clearTimeout(waiting); waiting = setTimeout(() => void ask(made), 300); };

    text.addEventListener("input", () => later());
    fields.addEventListener("input", (event) => twin(fields, event.target as HTMLInputElement));
    fields.addEventListener("change", (event) => { const made = changeOf(fields, event.target as HTMLInputElement); if (made) { clearTimeout(waiting); void ask(made); } });
    fields.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLButtonElement>("button[data-do]");
      if (!button) return;
      const key = button.dataset.key!, kind = fields.querySelector<HTMLSelectElement>(`select[data-new="${CSS.escape(key)}"]`)?.value;
      void ask(button.dataset.do === "add" ? { do: "add", key, kind } : { do: "remove", key });
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); void keep(form, text, shown, (event.submitter as HTMLButtonElement | null)?.value === "run"); });
    fields.querySelector<HTMLDetailsElement>("details.measure")?.setAttribute("open", "");
    void ask();
  });
}

/** What a field that was changed changes in the text; nothing for one that only helps, such as the kind of a new measure. */
function changeOf(fields: HTMLElement, item: HTMLInputElement): Change | null {
  const { key, control, range, chance } = item.dataset;
  if (chance !== undefined) return item.value === "" ? null : { do: "probability", key: chance, value: Number(item.value) };
  if (range !== undefined) {
    const end = (which: string) => fields.querySelector<HTMLInputElement>(`[data-range="${CSS.escape(range)}"][data-end=${which}]`)!.value;
    const low = end("low"), high = end("high");
    if (low === "" && high === "") return { do: "range", key: range, low: null, high: null };
    return low === "" || high === "" ? null : { do: "range", key: range, low: Number(low), high: Number(high) };
  }
  return key !== undefined && control !== undefined ? { do: "value", key, value: valueOf(item, control) } : null;
}

function valueOf(item: HTMLInputElement, control: string): unknown {
  if (control === "switch") return item.checked || null;
  const given = item.value.trim();
  if (given === "") return null;
  if (control === "number") return Number(given);
  const parts = given.split(/[,、;]/).map((part) => part.trim()).filter(Boolean);
  if (control === "list") return parts;
  if (control !== "map") return given;
  return Object.fromEntries(parts.map((part) => { const at = part.lastIndexOf(":"); return [part.slice(0, at).trim(), Number(part.slice(at + 1))]; }));
}

/** A slider and the number beside it say the same while either is moved. */
function twin(fields: HTMLElement, item: HTMLInputElement): void {
  const name = item.dataset.chance !== undefined ? "chance" : "key", value = item.dataset[name];
  if (value === undefined || item.dataset.control === "list") return;
  fields.querySelectorAll<HTMLInputElement>(`input[data-${name}="${CSS.escape(value)}"]`).forEach((other) => { if (other !== item && other.type !== "checkbox") other.value = item.value; });
}

/** Put the new form in; what was folded open stays open, and the field that had the focus has it again. */
function redraw(fields: HTMLElement, markup: string): void {
  const held = document.activeElement as HTMLElement | null, again = held && fields.contains(held) ? selector(held) : "";
  const known = new Set(folds(fields).map((item) => item.dataset.fold!)), open = new Set(folds(fields).filter((item) => item.open).map((item) => item.dataset.fold!));
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  fields.replaceChildren(...Array.from(parsed.body.childNodes));
  for (const item of folds(fields)) item.open = open.has(item.dataset.fold!) || (known.size > 0 && !known.has(item.dataset.fold!) && item.matches(".measure"));
  if (again) fields.querySelector<HTMLElement>(again)?.focus({ preventScroll: true });
}

const folds = (root: HTMLElement) => Array.from(root.querySelectorAll<HTMLDetailsElement>("details[data-fold]"));

function selector(item: HTMLElement): string {
  const type = item.getAttribute("type"), kind = type ? `[type=${type}]` : "";
  for (const name of ["chance", "range", "new", "key"]) {
    const value = item.dataset[name];
    if (value !== undefined) return `[data-${name}="${CSS.escape(value)}"]${kind}${item.dataset.end ? `[data-end=${item.dataset.end}]` : ""}`;
  }
  return "";
}

function tell(shown: HTMLElement, lines: string[], doubt: boolean): void {
  shown.replaceChildren(...lines.flatMap((line) => [line, document.createElement("br")]));
  shown.classList.toggle("doubt", doubt);
}

/** Save the text; who saves over another's later text is told so. */
async function keep(form: HTMLFormElement, text: HTMLTextAreaElement, shown: HTMLElement, run: boolean): Promise<void> {
  const name = form.querySelector<HTMLInputElement>("[name=name]")!.value;
  text.value = text.value.replace(/^name:.*$/m, `name: ${name}`); // the file says the name that it is saved under
  const session = (await (await fetch("/api/v1/session")).json()) as { token: string };
  const headers: Record<string, string> = { "X-Ytterby-Token": session.token, "Content-Type": "application/json" };
  if (form.dataset.version) headers["If-Match"] = `"${form.dataset.version}"`;
  const reply = await fetch(`/api/v1/saved-scenarios/${encodeURIComponent(name)}`, { method: "PUT", headers, body: JSON.stringify({ yaml: text.value }) });
  const found = (await reply.json()) as Problem & { version?: string };
  if (!reply.ok) { tell(shown, [found.detail ?? reply.statusText], true); return; }
  form.dataset.version = found.version ?? "";
  tell(shown, [form.dataset.saved!], false);
  if (run) await begin(form, "run", { scenario: name, draws: Number(form.querySelector<HTMLInputElement>("[name=draws]")!.value) }, "/runs/{run}");
}
