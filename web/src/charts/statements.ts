// Frozen statements beside the record, misses first: band, median and record as multiples of the base.
import type { Drawing, Line, Room } from "./engine";
import { rows } from "./rows";

interface Statement { name: string; recorded: number; median: number; low: number; high: number; hit: boolean; label: string; tip: Line[] }

export function statements(data: { rows: Statement[]; ticks: [number, string][]; title: string }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row, labelInk: row.hit ? room.theme.muted : room.theme.alarm,
    marks: [{ shape: "line", from: row.low, to: row.high, ink: "#0b4f8a" }, { shape: "tick", at: row.median, ink: "#0b4f8a" }, { shape: "dot", at: row.recorded, ink: row.hit ? "#1a1d21" : "#a5370b" }],
  })), { low: 0.01, high: 100, log: true, ticks: data.ticks, heads: [data.title, ""], bare: true }, room);
}
