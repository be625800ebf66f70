// What a plan promises beside what another road finds: a ring, and a dot with its band.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Promised { name: string; promised: number; found: number; low?: number; high?: number; label: string; tip: Line[] }

export function promises(data: { rows: Promised[]; unit: string }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row,
    marks: [...(row.low !== undefined && row.high !== undefined ? [{ shape: "whisker", from: row.low, to: row.high } as const] : []), { shape: "dot", at: row.found, ink: "#0b4f8a" }, { shape: "ring", at: row.promised, ink: "#a5370b" }],
  })), { ...span(data.rows.flatMap((row) => [row.promised, row.found, row.low, row.high])), unit: data.unit }, room);
}
