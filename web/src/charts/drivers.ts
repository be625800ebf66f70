// Rank correlations of an outcome with its inputs, from a middle line.
import type { Drawing, Line, Room } from "./engine";
import { rows } from "./rows";

interface Driver { name: string; rho: number; label: string; tip: Line[] }

export function drivers(data: { rows: Driver[]; sides: [string, string] }, room: Room): Drawing {
  return rows(data.rows.map((row) => ({
    ...row, marks: [{ shape: "bar", from: 0, to: row.rho, ink: row.rho > 0 ? "#a5370b" : "#0b4f8a" }],
  })), { low: -1, high: 1, zero: true, heads: data.sides }, room);
}
