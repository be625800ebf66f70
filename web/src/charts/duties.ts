// Duties as steps over time, and below what each step cost whom a year.
import { base, dates, day, digits, ends, values, wide, words, type Drawing, type Room, type Told } from "./engine";

interface Stepped { name: string; values: number[]; told: string[] }
interface Duties { frames: { title: string; lines: Stepped[] }[]; starts: string[]; days: string[]; last: string }

const STYLES = [["#0b4f8a", "solid"], ["#a5370b", "dashed"], ["#1a1d21", "dotted"]] as const;

export function duties(data: Duties, room: Room): Drawing {
  const { theme, width } = room, at = [...data.starts.map(day), day(data.last)];
  const names = Math.min(Math.max(...data.frames.flatMap((frame) => frame.lines.map((line) => wide(line.name, 12, theme.font, true)))) + 14, width * 0.32);
  const told = (index: number): Told => ({
    title: data.days[Math.min(index, data.days.length - 1)]!,
    lines: data.frames.flatMap((frame) => frame.lines.map((line, number) => [line.name, line.told[Math.min(index, line.told.length - 1)]!, theme.of(STYLES[number % 3]![0])] as [string, string, string])),
  });
  const series = data.frames.flatMap((frame, grid) => frame.lines.map((line, number) => {
    const [ink, type] = STYLES[number % 3]!;
    return {
      type: "line", step: "end", xAxisIndex: grid, yAxisIndex: grid, showSymbol: false, symbol: "circle", symbolSize: 6, emphasis: { disabled: true }, itemStyle: { color: theme.of(ink) },
      data: [...line.values, line.values.at(-1)!].map((value, step) => [at[step], value]), lineStyle: { color: theme.of(ink), width: 2, type },
    };
  }));
  const named = data.frames.map((frame, grid) => ends(frame.lines.map((line, number) => ({ name: line.name, ink: theme.of(STYLES[number % 3]![0]), at: [at.at(-1)!, line.values.at(-1)!] })), grid, names, room));
  return {
    height: 520,
    option: {
      ...base(room, (params: { dataIndex: number }[]) => (params.length ? told(params[0]!.dataIndex) : null), "axis"),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      grid: data.frames.map((_, number) => ({ left: 46, right: names, top: 28 + 260 * number, height: 180 })),
      xAxis: data.frames.map((_, gridIndex) => ({ ...dates(at[0]!, at.at(-1)!, room, 60 + names), gridIndex })),
      yAxis: data.frames.map((_, gridIndex) => values(room, digits(room.lang), { gridIndex })),
      series: [...series, ...named, words(data.frames.map((frame, number) => ({ text: frame.title, x: 0, y: 9 + 260 * number, bold: true })), room)],
    },
    stops: data.starts.map((_, index) => ({ series: 0, index, told: told(index) })),
  };
}
