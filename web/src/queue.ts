// What waits for a person: y confirms, n rejects, e opens the fields, s or an arrow goes on; each answer is kept at once.
import { change } from "./jobs";

export function upgradeQueue(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-queue]").forEach((queue) => {
    queue.addEventListener("keydown", (event) => {
      if ((event.target as HTMLElement).closest("textarea")) return;
      const item = (event.target as HTMLElement).closest<HTMLElement>("li");
      const verdict = { y: "confirm", n: "reject", e: "correct" }[event.key];
      if (item && verdict) { event.preventDefault(); void judge(item, verdict); }
      else if (item && (event.key === "s" || event.key === "ArrowDown")) { event.preventDefault(); onwards(item); }
      else if (item && event.key === "ArrowUp") { event.preventDefault(); (item.previousElementSibling as HTMLElement | null)?.focus(); }
    });
    queue.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-verdict]");
      if (button) void judge(button.closest("li")!, button.dataset.verdict!);
    });
    queue.querySelectorAll("form").forEach((form) => form.addEventListener("submit", (event) => { event.preventDefault(); void correct(form); }));
  });
}

async function judge(item: HTMLElement, verdict: string): Promise<void> {
  const form = item.querySelector("form")!;
  if (verdict === "correct") { form.hidden = !form.hidden; if (!form.hidden) form.querySelector("textarea")?.focus(); return; }
  await send(item, form, { target: item.dataset.claim, verdict });
}

async function correct(form: HTMLFormElement): Promise<void> {
  const item = form.closest("li")!, text = form.querySelector("textarea")!;
  try {
    await send(item, form, { target: item.dataset.claim, verdict: "correct", correction: JSON.parse(text.value) });
  } catch (error) {
    tell(form, (error as Error).message);
  }
}

async function send(item: HTMLElement, form: HTMLFormElement, judgement: object): Promise<void> {
  const reply = await change("POST", "/api/v1/reviews", judgement);
  if (!reply.ok) { form.hidden = false; tell(form, ((await reply.json()) as { detail?: string }).detail ?? reply.statusText); return; }
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  (next as HTMLElement | null)?.focus();
}

const tell = (form: HTMLFormElement, words: string) => { form.querySelector(".doubt")!.textContent = words; };
const onwards = (item: HTMLElement) => (item.nextElementSibling as HTMLElement | null)?.focus();
