// Shares of parties by several rules: a dot for each, with a band where the share was looked at under other inputs.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Dot { party: string; rule: string; share: number; low?: number; high?: number; label: string; tip: Line[] }

export function dots(data: { rows: Dot[]; unit: string }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    group: row.party, name: row.rule, label: row.label, tip: row.tip,
    marks: [...(row.low !== undefined && row.high !== undefined ? [{ shape: "bar", from: row.low, to: row.high, ink: "#0b4f8a", opacity: 0.35 } as const] : []), { shape: "dot", at: row.share, ink: "#1a1d21" }],
  })), { ...span(data.rows.flatMap((row) => [row.share, row.low, row.high])), unit: data.unit }, room);
}
