// Plans nearly as good: least and most of each group as a bar, the plan itself as a dot.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Range { name: string; low: number; high: number; chosen: number; label: string; must: string; tip: Line[] }

export function near(data: { rows: Range[]; unit: string }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row, name: row.must ? `${row.name} · ${row.must}` : row.name, strong: Boolean(row.must),
    marks: [{ shape: "bar", from: row.low, to: row.high, ink: row.must ? "#0b4f8a" : "#565c66", opacity: 0.55 }, { shape: "dot", at: row.chosen, ink: "#1a1d21" }],
  })), { ...span(data.rows.map((row) => row.high)), unit: data.unit }, room);
}
