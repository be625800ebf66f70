// A scenario that is being written: checked while one types, saved under a name, run.
import { begin, change } from "./jobs";

interface Problem { detail?: string; faults?: string[]; title?: string }

export function upgradeWriter(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form.writer").forEach((form) => {
    const text = form.querySelector("textarea")!, shown = form.querySelector<HTMLElement>("[role=status]")!;
    let waiting = 0;
    const check = async () => {
      const reply = await change("POST", "/api/v1/scenarios/check", { yaml: text.value });
      const found = (await reply.json()) as Problem & { weeks?: number };
      shown.replaceChildren(...(reply.ok ? [form.dataset.good!] : (found.faults?.length ? found.faults : [found.detail ?? ""]).flatMap((line) => [line, document.createElement("br")])));
      shown.classList.toggle("doubt", !reply.ok);
      text.setAttribute("aria-invalid", String(!reply.ok));
      return reply.ok;
    };
    text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => void check(), 400); });
    form.addEventListener("submit", (event) => { event.preventDefault(); void keep(form, text, shown, (event.submitter as HTMLButtonElement | null)?.value === "run"); });
    void check();
  });
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
  if (!reply.ok) { shown.textContent = found.detail ?? reply.statusText; shown.classList.add("doubt"); return; }
  form.dataset.version = found.version ?? "";
  shown.textContent = form.dataset.saved!;
  shown.classList.remove("doubt");
  if (run) await begin(form, "run", { scenario: name, draws: Number(form.querySelector<HTMLInputElement>("[name=draws]")!.value) }, "/runs/{run}");
}
