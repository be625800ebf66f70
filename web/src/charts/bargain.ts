// Map of a bargain: gains of two parties over no deal, the room, its front, and named points.
import { base, digits, values, wide, words, type Drawing, type Room, type Told } from "./engine";

interface Named { name: string; at: [number, number]; told: [string, string] }
interface Bargain { cloud: [number, number][]; front: { at: [number, number]; told: [string, string] }[]; points: Named[]; axes: [string, string]; ends: [[number, number], [number, number]] }

const INKS = ["#0b4f8a", "#006d56", "#a5370b", "#1a1d21", "#8c4a86"];

export function bargain(data: Bargain, room: Room): Drawing {
  const { theme, width } = room, write = digits(room.lang), [[left, right], [low, high]] = data.ends;
  const inside = ([x, y]: [number, number]) => x >= left && x <= right && y >= low && y <= high;
  const told = (title: string, amounts: [string, string], ink?: string): Told => ({ title, lines: data.axes.map((axis, side) => [axis, amounts[side]!, side === 0 ? ink : undefined]) as Told["lines"] });
  const front = data.front.filter((point) => inside(point.at));
  const point = (at: number) => told(data.points[at]!.name, data.points[at]!.told, theme.of(INKS[at % INKS.length]!));
  const height = Math.min(Math.max(width * 0.85, 300), 420);
  /** Names stand towards the middle; of two at one height the later goes to the other side. */
  const sides: ("left" | "right")[] = [];
  for (const { at: [x, y] } of data.points) {
    const side = x > (left + right) / 2 ? "left" : "right";
    const taken = data.points.some((other, at) => sides[at] === side && Math.abs(other.at[1] - y) < 16 / height * (high - low) && Math.abs(other.at[0] - x) < 0.4 * (right - left));
    sides.push(taken ? (side === "left" ? "right" : "left") : side);
  }
  const axis = { splitLine: { lineStyle: { color: theme.rule, opacity: 0.7 } } };
  return {
    height,
    option: {
      ...base(room, (params: { seriesIndex: number; dataIndex: number }) => (params.seriesIndex === 1 ? told("", front[params.dataIndex]!.told, theme.accent) : params.seriesIndex === 2 ? point(params.dataIndex) : null), "item"),
      grid: { left: 4, right: 16, top: 26, bottom: 24, containLabel: true },
      xAxis: values(room, write, { ...axis, min: left, max: right, axisLine: { show: low <= 0 && high >= 0, onZero: true, lineStyle: { color: theme.muted } } }),
      yAxis: values(room, write, { ...axis, min: low, max: high, axisLine: { show: left <= 0 && right >= 0, onZero: true, lineStyle: { color: theme.muted } } }),
      series: [
        { type: "scatter", silent: true, symbol: "rect", symbolSize: 2.2, data: data.cloud.filter(inside), itemStyle: { color: theme.muted, opacity: 0.45 }, z: 1, tooltip: { show: false }, animation: false },
        { type: "line", data: front.map((each) => each.at), symbol: "circle", symbolSize: 7, showSymbol: true, itemStyle: { color: theme.accent, opacity: 0.01 }, emphasis: { itemStyle: { opacity: 1 } }, lineStyle: { color: theme.accent, width: 2 }, z: 2 },
        {
          type: "scatter", symbol: "rect", symbolSize: 11, z: 4, labelLayout: { moveOverlap: "shiftY" },
          data: data.points.map((each, at) => ({ value: each.at, itemStyle: { color: theme.of(INKS[at % INKS.length]!), borderColor: theme.paper, borderWidth: 1 }, label: { show: true, formatter: each.name, color: theme.of(INKS[at % INKS.length]!), position: sides[at], fontSize: 12, fontWeight: 600, textBorderColor: theme.paper, textBorderWidth: 3 } })),
        },
        words([{ text: data.axes[1], x: 0, y: 7, size: 11 }, { text: data.axes[0], x: Math.max(0, width - wide(data.axes[0], 11, theme.font) - 16), y: height - 9, size: 11 }], room),
      ],
    },
    stops: data.points.map((_, index) => ({ series: 2, index, told: point(index) })),
  };
}
