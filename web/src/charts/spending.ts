// Public money by year as stacked columns, one colour for each group of measures.
import { base, digits, values, words, type Drawing, type Room, type Told } from "./engine";

interface Group { name: string; ink: string; amounts: number[]; told: string[] }

export function spending(data: { groups: Group[]; years: number[]; unit: string; sums: string[]; together: string }, room: Room): Drawing {
  const { theme } = room;
  const told = (at: number): Told => ({
    title: String(data.years[at]), foot: data.unit,
    lines: [
      ...data.groups.filter((group) => group.amounts[at]).map((group) => [group.name, group.told[at]!, theme.of(group.ink)] as [string, string, string]),
      [data.together, data.sums[at]!] as [string, string],
    ],
  });
  return {
    height: 260,
    option: {
      ...base(room, (params: { dataIndex: number }[]) => (params.length ? told(params[0]!.dataIndex) : null), "axis"),
      grid: { left: 4, right: 8, top: 26, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: data.years.map(String), axisTick: { show: false }, axisLine: { lineStyle: { color: theme.muted } }, axisLabel: { color: theme.muted, fontSize: 11 } },
      yAxis: values(room, digits(room.lang)),
      series: [...data.groups.map((group) => ({ type: "bar", stack: "all", name: group.name, data: group.amounts.map((amount) => amount || "-"), barCategoryGap: "25%", itemStyle: { color: theme.of(group.ink), borderColor: theme.paper, borderWidth: 0.5 }, emphasis: { disabled: true } })), words([{ text: data.unit, x: 0, y: 7, size: 11 }], room)],
    },
    stops: data.years.map((_, index) => ({ series: data.groups.findIndex((group) => group.amounts[index]), index, told: told(index) })).filter((stop) => stop.series >= 0),
  };
}
