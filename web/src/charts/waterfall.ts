// From a first amount to a last one: each step begins where the one before it ends.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Step { name: string; amount: number; label: string; tip: Line[] }

export function waterfall(data: { rows: Step[]; unit: string }, room: Room): Drawing {
  const last = data.rows.length - 1;
  let level = 0;
  const spans = data.rows.map((step, at) => {
    const from = at === 0 || at === last ? 0 : level;
    level = from + step.amount;
    return [from, level] as const;
  });
  return rows(data.rows.map((step, at) => {
    const [from, to] = spans[at]!, whole = at === 0 || at === last;
    return { ...step, strong: whole, marks: [{ shape: "bar", from, to, ink: whole ? "#565c66" : step.amount >= 0 ? "#0b4f8a" : "#a5370b" }] };
  }), { ...span(spans.flat()), unit: data.unit }, room);
}
