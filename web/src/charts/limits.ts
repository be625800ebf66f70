// The part of each input's range in which the bad draws lie.
import type { Drawing, Line, Room } from "./engine";
import { rows } from "./rows";

interface Limit { name: string; low: number; high: number; label: string; tip: Line[] }

export function limits(data: { rows: Limit[]; sides: [string, string] }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row, labelInk: room.theme.alarm, marks: [{ shape: "bar", from: row.low, to: row.high, ink: "#a5370b" }],
  })), { low: 0, high: 1, heads: data.sides }, room);
}
