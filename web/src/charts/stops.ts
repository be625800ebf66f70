// First production stops: a bar over the band of each date, a tick at its median, an arrow where it may not come before the end.
import { day, months, type Drawing, type Line, type Room } from "./engine";
import { rows, type Mark } from "./rows";

interface Stop { name: string; low: string; middle?: string; high?: string; odds: string; own: boolean; tip: Line[] }
interface Marker { when: string; label: string; ink: string }

export function stops(data: { rows: Stop[]; first: string; last: string; markers: Marker[] }, room: Room): Drawing {
  const first = day(data.first), last = Math.max(day(data.last), first + 1), ticks = ticksOf(first, last, room);
  return rows(data.rows.map((row) => {
    const ink = row.own ? "#0b4f8a" : "#565c66", marks: Mark[] = [{ shape: "bar", from: day(row.low), to: row.high ? day(row.high) : last, ink, opacity: 0.55 }];
    if (!row.high) marks.push({ shape: "arrow", at: last, ink });
    if (row.middle) marks.push({ shape: "tick", at: day(row.middle), ink: "#1a1d21" });
    return { name: row.name, label: row.odds, strong: row.own, labelInk: row.own ? room.theme.accent : room.theme.muted, tip: row.tip, marks };
  }), { low: first, high: last, ticks, lines: data.markers.map((mark) => ({ at: day(mark.when), label: mark.label, ink: mark.ink })) }, room);
}

/** Months as ticks, with the year where it begins. */
export function ticksOf(first: number, last: number, room: Room): [number, string][] {
  const form = (parts: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(room.lang, { ...parts, timeZone: "UTC" });
  const name = form({ month: "short" }), year = form({ year: "numeric" }), full = form({ month: "short", year: "numeric" });
  return months(first, last, room.width * 0.62).map((at, number) => {
    const when = new Date(at * 86_400_000), opens = when.getUTCMonth() === 0;
    return [at, (room.width > 420 ? (number === 0 || opens ? full : name) : opens ? year : name).format(when)];
  });
}
