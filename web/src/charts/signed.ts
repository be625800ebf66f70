// Bars to both sides of zero: who gains and who loses.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Amount { group?: string; name: string; amount: number; label: string; whole?: boolean; tip: Line[] }

export function signed(data: { rows: Amount[]; unit: string }, room: Room): Drawing {
  const scale = { ...span(data.rows.map((row) => row.amount)), zero: true, unit: data.unit };
  return rows(data.rows.map((row) => ({
    ...row, strong: row.whole, marks: [{ shape: "bar", from: 0, to: row.amount, ink: row.amount >= 0 ? "#0b4f8a" : "#a5370b" }],
  })), scale, room);
}
