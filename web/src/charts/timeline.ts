// Dated decisions, each a dot on one axis of time; the card has the ways that it may go.
import { day, type Drawing, type Line, type Room } from "./engine";
import { rows } from "./rows";
import { ticksOf } from "./stops";

interface Dated { name: string; when: string; label: string; passed: boolean; tip: Line[] }
interface Marker { when: string; label: string; ink: string }

export function timeline(data: { rows: Dated[]; first: string; last: string; markers: Marker[] }, room: Room): Drawing {
  const first = day(data.first), last = day(data.last);
  return rows(data.rows.map((row) => ({
    ...row, labelInk: row.passed ? room.theme.alarm : room.theme.muted, marks: [{ shape: "dot", at: day(row.when), ink: row.passed ? "#a5370b" : "#0b4f8a" }],
  })), { low: first, high: last, ticks: ticksOf(first, last, room), lines: data.markers.map((mark) => ({ at: day(mark.when), label: mark.label, ink: mark.ink })) }, room);
}
