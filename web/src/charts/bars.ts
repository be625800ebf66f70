// Bars from zero with whiskers for their bands, by group where there are groups.
import type { Drawing, Line, Room } from "./engine";
import { rows, span } from "./rows";

interface Bar { group: string; name: string; value: number; low?: number; high?: number; label: string; ink: string; tip: Line[] }

export function bars(data: { rows: Bar[]; unit: string; limit: number }, room: Room): Drawing {
  const scale = { ...span(data.rows.map((row) => Math.min(row.value, 0))), high: data.limit, unit: data.unit };
  return rows(data.rows.map((row) => ({
    ...row, strong: false,
    marks: [{ shape: "bar", from: 0, to: row.value, ink: row.ink }, ...(row.low !== undefined && row.high !== undefined && row.high > row.low ? [{ shape: "whisker", from: row.low, to: row.high } as const] : [])],
  })), scale, room);
}
