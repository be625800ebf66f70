// A supplier's share in imports over the years: as customs see it, and traced through all exporters, with its bounds.
import { base, ends, values, words, type Drawing, type Room, type Told } from "./engine";

type Year = [year: number, direct: number, traced: number, low: number, high: number];
interface Panel { importer: string; ink: string; rows: Year[]; told: string[][]; by_value?: [number, number]; period: [number, number] }
interface HistoryData { panels: Panel[]; ends: [string, string]; range: string; ticks: [number, string][]; years_by_value: string }

const EACH = 230;

export function history(data: HistoryData, room: Room): Drawing {
  const { theme, width } = room, columns = data.panels.length > 1 && width > 620 ? 2 : 1, across = width / columns;
  const written = new Map(data.ticks.map(([tick, label]) => [tick, label]));
  const direct = (panel: Panel) => theme.of(panel.ink === "#a5370b" ? "#1a1d21" : "#a5370b");
  const told = (panel: Panel, at: number): Told => {
    const [first, traced, low, high] = panel.told[at]! as [string, string, string, string], year = panel.rows[at]![0];
    const valued = panel.by_value && year >= panel.by_value[0] && year <= panel.by_value[1];
    return { title: `${panel.importer}, ${year}`, lines: [[data.ends[0], traced, theme.of(panel.ink)], [data.range, `${low} – ${high}`], [data.ends[1], first, direct(panel)]], foot: valued ? data.years_by_value : undefined };
  };
  const series = data.panels.flatMap((panel, number) => {
    const at = { xAxisIndex: number, yAxisIndex: number };
    const line = (field: 1 | 2, ink: string, dash: boolean) => ({
      type: "line", ...at, data: panel.rows.map((row) => [row[0], row[field]]), showSymbol: false, symbol: "circle", symbolSize: 6, z: 3, emphasis: { disabled: true }, itemStyle: { color: ink },
      lineStyle: { color: ink, width: dash ? 1.8 : 2.2, type: dash ? [5, 3] : "solid" },
    });
    return [
      line(2, theme.of(panel.ink), false),
      line(1, direct(panel), true),
      {
        type: "custom", ...at, silent: true, z: 1, data: [[panel.rows[0]![0], 0]], tooltip: { show: false },
        renderItem: (_: unknown, api: { coord: (point: number[]) => number[] }) => ({
          type: "group", silent: true, children: [
            ...(panel.by_value ? [valued(api, panel.by_value, theme.muted)] : []),
            { type: "polygon", style: { fill: theme.of(panel.ink), opacity: 0.2 }, shape: { points: [...panel.rows.map((row) => api.coord([row[0], row[4]])), ...panel.rows.map((row) => api.coord([row[0], row[3]])).reverse()] } },
          ],
        }),
      },
    ];
  });
  const left = (number: number) => across * (number % columns), top = (number: number) => EACH * Math.floor(number / columns);
  const titles = data.panels.length > 1 ? data.panels.map((panel, number) => ({ text: panel.importer, x: left(number), y: top(number) + 9, bold: true, size: 13 })) : [];
  const names = data.panels.map((panel, grid) => {
    const last = panel.rows.at(-1)!;
    return ends([{ name: data.ends[0], ink: theme.of(panel.ink), at: [last[0], last[2]] }, { name: data.ends[1], ink: direct(panel), at: [last[0], last[1]] }], grid, 76, room);
  });
  return {
    height: EACH * Math.ceil(data.panels.length / columns),
    option: {
      ...base(room, (params: { seriesIndex: number; dataIndex: number }[]) => (params.length ? told(data.panels[Math.floor(params[0]!.seriesIndex / 3)]!, params[0]!.dataIndex) : null), "axis"),
      grid: data.panels.map((_, number) => ({ left: left(number) + 44, width: across - 44 - 76, top: top(number) + 26, height: EACH - 26 - 30 })),
      xAxis: data.panels.map((panel, gridIndex) => ({ type: "value", gridIndex, min: panel.period[0], max: panel.period[1], splitLine: { show: false }, minInterval: 5, axisLine: { lineStyle: { color: theme.muted } }, axisTick: { show: false }, axisLabel: { color: theme.muted, fontSize: 11, formatter: String, hideOverlap: true } })),
      yAxis: data.panels.map((_, gridIndex) => values(room, (value) => written.get(value) ?? "", { gridIndex, min: 0, max: 1, interval: 0.25 })),
      series: [...series, ...names, words(titles, room)],
    },
    stops: data.panels.flatMap((panel, number) => panel.rows.map((_, index) => ({ series: 3 * number, index, told: told(panel, index) }))),
  };
}

/** Grey ground under years that are counted by value. */
function valued(api: { coord: (point: number[]) => number[] }, [first, last]: [number, number], fill: string): object {
  const [x1, y1] = api.coord([first, 1]) as [number, number], [x2, y2] = api.coord([last + 0.5, 0]) as [number, number];
  return { type: "rect", shape: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 }, style: { fill, opacity: 0.12 } };
}
