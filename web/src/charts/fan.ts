// Quantities over time: median, 50 and 90 % band of each, dated marks, the name at the end of its line.
import { base, cut, dates, day, digits, ends, values, wide, words, type Drawing, type Room, type Told } from "./engine";

interface Fan { name: string; ink: string; dash: boolean; rows: [number, number, number, number, number][]; told: [string, string, string][] }
interface Marker { when: string; label: string; ink: string }
interface FanData { unit: string; dates: string[]; days: string[]; fans: Fan[]; markers: Marker[]; terms: [string, string]; alt: string }

const HEIGHT = 250;

export function fan(data: FanData, room: Room): Drawing {
  const { theme, width } = room, several = data.fans.length > 1, at = data.dates.map(day);
  const names = several ? Math.min(Math.max(...data.fans.map((each) => wide(each.name, 12, theme.font, true))) + 12, width * 0.3) : 10;
  const banded = data.fans.some((each) => each.rows.some((row) => row[4] > row[0]));
  const told = (index: number): Told => ({
    title: data.days[index]!, foot: data.unit,
    lines: data.fans.flatMap((each) => {
      const [middle, low, high] = each.told[index]!, ink = theme.of(each.ink);
      return [[several ? each.name : data.terms[0], middle, ink] as [string, string, string], ...(banded ? [[data.terms[1], `${low} – ${high}`] as [string, string]] : [])];
    }),
  });
  const rows = Math.min(data.markers.length, 2), top = 22 + 15 * rows;
  const band = (each: Fan, low: number, high: number, opacity: number) => ({
    type: "custom", silent: true, clip: true, z: 1, data: [[at[0], Math.max(...each.rows.map((row) => row[high]!))], [at[0], Math.min(...each.rows.map((row) => row[low]!))]], tooltip: { show: false },
    renderItem: (params: { dataIndex: number }, api: { coord: (point: number[]) => number[] }) => params.dataIndex > 0 ? null : ({
      type: "polygon", silent: true, style: { fill: theme.of(each.ink), opacity },
      shape: { points: [...each.rows.map((row, week) => api.coord([at[week]!, row[high]!])), ...each.rows.map((row, week) => api.coord([at[week]!, row[low]!])).reverse()] },
    }),
  });
  const marks = [...data.markers].sort((a, b) => (a.when < b.when ? -1 : 1)).map((mark, number) => ({
    xAxis: day(mark.when), lineStyle: { color: theme.of(mark.ink), type: [4, 3], width: 1.2 },
    label: { formatter: cut(mark.label, width * 0.45, 11, theme.font), color: theme.of(mark.ink), fontSize: 11, distance: 3 + 14 * (number % 2), align: side(day(mark.when), at, width), textBorderColor: theme.paper, textBorderWidth: 2 },
  }));
  const lines = data.fans.map((each, number) => ({
    type: "line", name: each.name, showSymbol: false, symbolSize: 6, symbol: "circle", z: 3, data: each.rows.map((row, week) => [at[week], row[2]]),
    lineStyle: { color: theme.of(each.ink), width: 2.2, type: each.dash ? "dashed" : "solid" }, itemStyle: { color: theme.of(each.ink) }, emphasis: { disabled: true },
    ...(number === 0 && marks.length ? { markLine: { silent: true, symbol: "none", animation: false, data: marks } } : {}),
  }));
  return {
    height: HEIGHT,
    option: {
      ...base(room, (params: { dataIndex: number }[]) => (params.length ? told(params[0]!.dataIndex) : null), "axis"),
      grid: { left: 4, right: names, top, bottom: 4, containLabel: true },
      xAxis: dates(at[0]!, at.at(-1)!, room, 60),
      yAxis: values(room, digits(room.lang)),
      dataZoom: matchMedia("(pointer: coarse)").matches ? [] : [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: "shift", moveOnMouseWheel: false, filterMode: "none" }],
      series: [...lines, ...data.fans.flatMap((each) => [band(each, 0, 4, 0.16), band(each, 1, 3, 0.24)]), words([{ text: data.unit, x: 0, y: 7, size: 11 }], room), ...(several ? [ends(data.fans.map((each) => ({ name: each.name, ink: theme.of(each.ink), at: [at.at(-1)!, each.rows.at(-1)![2]] })), 0, names, room)] : [])],
    },
    stops: data.dates.map((_, index) => ({ series: 0, index, told: told(index) })),
  };
}

/** How a label stands on its line, so that it stays inside the picture. */
function side(when: number, at: number[], width: number): string {
  const share = (when - at[0]!) / (at.at(-1)! - at[0]! || 1);
  return share < 60 / width * 2 ? "left" : share > 1 - 60 / width * 2 ? "right" : "center";
}
