// Shares of an outcome's variance: what an input explains alone, and paler with its interactions.
import type { Drawing, Line, Room } from "./engine";
import { rows } from "./rows";

interface Share { name: string; alone: number; total?: number; label: string; ink: string; tip: Line[] }

export function variance(data: { rows: Share[]; limit: number }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row,
    marks: [...(row.total !== undefined && row.total > row.alone ? [{ shape: "bar", from: 0, to: row.total, ink: row.ink, opacity: 0.32 } as const] : []), { shape: "bar", from: 0, to: row.alone, ink: row.ink }],
  })), { low: 0, high: data.limit }, room);
}
