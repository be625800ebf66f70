// Long work: forms and buttons start a job; its progress comes as server-sent events; when it is done the page goes on to its result.
import { make, word } from "./dom";

interface Job {
  id: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
  done: number | null;
  total: number | null;
  seconds_left: number | null;
  error: string;
  result: Record<string, string>;
}

const ENDED = new Set(["done", "failed", "cancelled", "interrupted"]);

export function upgradeJobs(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form.job-form").forEach((form) =>
    form.addEventListener("submit", (event) => { event.preventDefault(); void begin(form, form.dataset.kind!, fields(form), form.dataset.then!); }));
  root.querySelectorAll<HTMLFormElement>("form.upload-form").forEach((form) =>
    form.addEventListener("submit", (event) => { event.preventDefault(); void give(form); }));
  root.querySelectorAll<HTMLButtonElement>("button.job").forEach((button) =>
    button.addEventListener("click", () => void begin(button, button.dataset.kind!, JSON.parse(button.dataset.arguments!), button.dataset.then!)));
  const shown = document.querySelector<HTMLElement>("[data-job]");
  if (shown) void follow(board(shown), shown.dataset.job!, shown.dataset.then!);
}

/** Give the files of a form to the server, then start the job that reads them. */
async function give(form: HTMLFormElement): Promise<void> {
  const field = form.querySelector<HTMLInputElement>("input[type=file]")!, sent = new FormData();
  for (const file of Array.from(field.files ?? [])) sent.append("files", file, file.name);
  const reply = await change("POST", "/api/v1/uploads", sent);
  const kept = await reply.json() as { id: string; detail?: string };
  if (!reply.ok) { fail(board(form), kept.detail ?? reply.statusText); return; }
  const name = form.dataset.upload!;
  const given = { ...fields(form), [name]: name.endsWith("s") ? [kept.id] : kept.id };
  await begin(form, form.dataset.kind!, given, form.dataset.then!);
}

/** Fields of a form as the arguments of a job: numbers as numbers, lists (`data-list`) split at commas, empty ones left out. */
function fields(form: HTMLFormElement): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const item of Array.from(form.elements) as HTMLInputElement[]) {
    if (!item.name || item.disabled || item.type === "file" || item.value === "" || (item.type === "radio" && !item.checked)) continue;
    if (item.dataset.list !== undefined) {
      if (item.type === "checkbox") { if (item.checked) found[item.name] = [...((found[item.name] as string[]) ?? []), item.value]; }
      else found[item.name] = item.value.split(",").map((part) => part.trim()).filter(Boolean);
    } else if (item.type === "checkbox") found[item.name] = item.checked;
    else found[item.name] = item.type === "number" ? Number(item.value) * Number(item.dataset.times ?? 1) : item.value;
  }
  return found;
}

export async function change(method: string, path: string, body?: unknown): Promise<Response> {
  const session = await (await fetch("/api/v1/session")).json() as { token: string };
  const headers: Record<string, string> = { "X-Ytterby-Token": session.token };
  if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  return fetch(path, { method, headers, body: body instanceof FormData ? body : body === undefined ? undefined : JSON.stringify(body) });
}

export async function begin(near: HTMLElement, kind: string, given: Record<string, unknown>, then: string): Promise<void> {
  const shown = board(near);
  const reply = await change("POST", "/api/v1/jobs", { kind, arguments: given });
  const job = await reply.json() as Job & { detail?: string };
  if (!reply.ok) { fail(shown, job.detail ?? reply.statusText); return; }
  await follow(shown, job.id, then);
}

/** Place for the progress of a job, below what started it. */
function board(near: HTMLElement): HTMLElement {
  const old = near.parentElement?.querySelector<HTMLElement>(":scope > .job-board");
  if (old) { old.replaceChildren(); return old; }
  const made = make("div", { class: "job-board", role: "status" });
  near.after(made);
  return made;
}

function follow(shown: HTMLElement, id: string, then: string): Promise<void> {
  const bar = make("progress"), text = make("p", { class: "small" }, word("waiting"));
  const stop = make("button", { type: "button" }, word("cancel"));
  stop.addEventListener("click", () => void change("DELETE", `/api/v1/jobs/${id}`));
  shown.replaceChildren(bar, text, stop);
  return new Promise((resolve) => {
    const source = new EventSource(`/api/v1/jobs/${id}/events`);
    const take = (event: MessageEvent<string>) => {
      const job = JSON.parse(event.data) as Job;
      tell(job, bar, text);
      if (!ENDED.has(job.state)) return;
      source.close();
      if (job.state === "done") location.assign(target(then, job)); else fail(shown, job.error || job.state);
      resolve();
    };
    for (const name of ["message", "progress", "state", ...ENDED]) source.addEventListener(name, take as EventListener);
  });
}

function tell(job: Job, bar: HTMLProgressElement, text: HTMLElement): void {
  if (job.total) { bar.max = job.total; bar.value = job.done ?? 0; }
  const parts = [word(job.state === "queued" ? "waiting" : "running")];
  if (job.total) parts.push(`${job.done ?? 0} / ${job.total}`);
  if (job.seconds_left) parts.push(`${Math.ceil(job.seconds_left)} s ${word("left")}`);
  text.textContent = parts.join(" · ");
}

const fail = (shown: HTMLElement, detail: string) =>
  shown.replaceChildren(make("p", { class: "doubt", role: "alert" }, `${word("failed")}: ${detail}`));

/** Address to go on to: ids of the job and of its results stand in for their names in braces; language and country are kept. */
function target(then: string, job: Job): string {
  const path = then.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(name === "id" ? job.id : job.result[name] ?? job.id));
  const kept = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) if (name === "lang" || name === "importer") kept.set(name, value);
  return kept.size ? `${path}?${kept}` : path;
}
