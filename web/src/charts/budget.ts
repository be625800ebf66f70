// What public money buys: gain above, the loss that is left below, by budget on a logarithmic axis that begins with nothing.
import { base, digits, ends, values, wide, words, type Drawing, type Room, type Told } from "./engine";

interface Curve { name: string; ink: string; points: [number, number, number, number][]; told: string[][]; enough?: [number, number, number, number]; enough_label: string }
interface BudgetData { curves: Curve[]; titles: [string, string]; terms: [string, string, string, string]; chosen?: number; unit: string }

const NOTHING = 0.35;

export function budget(data: BudgetData, room: Room): Drawing {
  const { theme, width } = room, several = data.curves.length > 1, write = digits(room.lang);
  const budgets = [...new Set(data.curves.flatMap((curve) => curve.points.map((point) => point[0])))].sort((a, b) => a - b), paid = budgets.filter((value) => value > 0);
  const least = Math.log10(paid[0] ?? 1), most = Math.log10(paid.at(-1) ?? 10);
  const x = (value: number) => (value > 0 ? Math.log10(value) : least - NOTHING);
  const names = several ? Math.min(Math.max(...data.curves.map((curve) => wide(curve.name, 12, theme.font, true))) + 14, width * 0.3) : 14;
  const told = (value: number): Told => {
    const lines: [string, string, string?][] = [];
    let title = "";
    for (const curve of data.curves) {
      const at = curve.points.findIndex((point) => Math.abs(x(point[0]) - value) < 1e-9);
      if (at < 0) continue;
      title = `${data.terms[0]}: ${curve.told[at]![0]!}`;
      for (const field of [1, 2, 3]) lines.push([several ? `${curve.name}, ${data.terms[field]!}` : data.terms[field]!, curve.told[at]![field]!, theme.of(curve.ink)]);
    }
    return { title, lines, foot: data.unit || undefined };
  };
  const shown = [0, ...thinned(paid, (width - names - 50) / (most - least + NOTHING))];
  const axis = (grid: number) => ({
    type: "value", gridIndex: grid, min: least - NOTHING, max: most + 0.03, splitLine: { show: false }, axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { customValues: shown.map(x), lineStyle: { color: theme.muted } }, axisLabel: { customValues: shown.map(x), color: theme.muted, fontSize: 11, formatter: (tick: number) => write(shown.find((value) => Math.abs(x(value) - tick) < 1e-9) ?? 0) },
  });
  const line = (curve: Curve, field: number, grid: number, dash: boolean) => ({
    type: "line", xAxisIndex: grid, yAxisIndex: grid, data: curve.points.map((point) => [x(point[0]), point[field]]), symbol: "circle", symbolSize: 6, z: 3,
    lineStyle: { color: theme.of(curve.ink), width: dash ? 1.6 : 2.2, type: dash ? [5, 3] : "solid" }, itemStyle: { color: theme.of(curve.ink) },
    ...(data.chosen !== undefined ? { markLine: { silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: theme.alarm, type: "solid", width: 2 }, data: [{ xAxis: x(data.chosen) }] } } : {}),
  });
  const rings = data.curves.filter((curve) => curve.enough).map((curve) => ({
    type: "scatter", xAxisIndex: 0, yAxisIndex: 0, symbolSize: 12, silent: true, z: 4, data: [[x(curve.enough![0]), curve.enough![1]]], tooltip: { show: false },
    itemStyle: { color: theme.paper, borderColor: theme.of(curve.ink), borderWidth: 2 },
    label: { show: !several && Boolean(curve.enough_label), formatter: curve.enough_label, position: "bottom", distance: 8, color: theme.ink, fontSize: 11, align: x(curve.enough![0]) > (least + most) / 2 ? "right" : "left", textBorderColor: theme.paper, textBorderWidth: 3 },
  }));
  const named = (grid: number, field: number) => ends(data.curves.map((curve) => ({ name: curve.name, ink: theme.of(curve.ink), at: [x(curve.points.at(-1)![0]), curve.points.at(-1)![field]!] })), grid, names, room);
  const lines = data.curves.flatMap((curve) => [line(curve, 1, 0, false), line(curve, 2, 1, false), line(curve, 3, 1, true)]);
  const first = data.curves[0]!;
  return {
    height: 410,
    option: {
      ...base(room, (params: { axisValue: number }[]) => (params.length ? told(params[0]!.axisValue) : null), "axis"),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      grid: [{ left: 46, right: names, top: 26, height: 140 }, { left: 46, right: names, top: 236, height: 140 }],
      xAxis: [axis(0), axis(1)],
      yAxis: [values(room, write, { gridIndex: 0 }), values(room, write, { gridIndex: 1 })],
      series: [...lines, ...rings, ...(several ? [named(0, 1), named(1, 2)] : []), words([{ text: data.titles[0], x: 0, y: 8, bold: true }, { text: data.titles[1], x: 0, y: 216, bold: true }], room)],
    },
    stops: first.points.map((point, index) => ({ series: 0, index, told: told(x(point[0])) })),
    click: (index) => choose(budgetsOf(first), index),
  };
}

/** Positions of a curve's own budgets, without the one from which money buys nothing. */
const budgetsOf = (curve: Curve): number[] => curve.points.map((point, at) => (curve.enough && point[0] === curve.enough[0] ? -1 : at)).filter((at) => at >= 0);

/** Move the slider of the page to a point of the curve. */
function choose(places: number[], index: number): void {
  const slider = document.querySelector<HTMLInputElement>("input[type=range][name=at]"), at = places.indexOf(index);
  if (!slider || at < 0) return;
  slider.value = String(at);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Budgets that are written below the axis: the largest first, a neighbour without room is left out. */
function thinned(paid: number[], perDecade: number): number[] {
  const kept: number[] = [];
  for (const value of [...paid].reverse()) if (!kept.length || (Math.log10(kept.at(-1)!) - Math.log10(value)) * perDecade > 40) kept.push(value);
  return kept.reverse();
}
