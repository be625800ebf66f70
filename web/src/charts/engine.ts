// What all charts share: ECharts with the parts that are used, colours of the page, the card beside the pointer, keys, redrawing.
import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { make, word } from "../dom";

use([BarChart, CustomChart, LineChart, SankeyChart, ScatterChart, GridComponent, TooltipComponent, MarkLineComponent, DataZoomInsideComponent, SVGRenderer]);

/** Term and value, as the server wrote them, and the colour that marks them in the picture. */
export type Line = [term: string, value: string, ink?: string];
export interface Told { title: string; lines: Line[]; foot?: string }
/** What keys go through, in their order: where the card is shown, and what it says. */
export interface Stop { series: number; index: number; told: Told }
export interface Drawing { height: number; option: EChartsCoreOption; stops: Stop[]; click?: (index: number) => void }
export interface Room { width: number; theme: Theme; lang: string }
export interface Data { kind: string; alt: string }
export type Draw = (data: never, room: Room) => Drawing;

export interface Theme {
  dark: boolean; paper: string; ink: string; muted: string; rule: string; faint: string; accent: string; alarm: string; font: string;
  /** Colour of the paper's palette as it is on this page. */
  of: (ink: string) => string;
}

const DARK: Record<string, string> = {
  "#1a1d21": "#e7e9ec", "#565c66": "#a9b0bb", "#c9ced6": "#3b424c", "#eef0f3": "#262c34", "#0b4f8a": "#85bdf0", "#a5370b": "#f29b76",
  "#8c4a86": "#d59ccf", "#006d56": "#5cc7ab", "#7a6300": "#d8bd52", "#23749f": "#6fbfe6", "#62676f": "#9aa1ab", "#c9ddf0": "#31567c",
  "#98c0e0": "#2d557a", "#5f9dcc": "#4a86ba", "#2c74ad": "#63a3d8", "#8fc7b3": "#2f7f6b", "#e0a48a": "#a4583a", "#ffffff": "#15181c",
};
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

function theme(box: HTMLElement): Theme {
  const style = getComputedStyle(box), of = (name: string) => style.getPropertyValue(name).trim();
  return {
    dark: dark.matches, paper: of("--paper"), ink: of("--ink"), muted: of("--muted"), rule: of("--rule"), accent: of("--accent"),
    alarm: of("--alarm"), faint: dark.matches ? "#262c34" : "#eef0f3", font: style.fontFamily,
    of: (ink) => (dark.matches ? DARK[ink] ?? ink : ink),
  };
}

const pen = document.createElement("canvas").getContext("2d")!;

/** Width of a text as it will be drawn [px]. */
export function wide(text: string, size: number, font: string, bold = false): number {
  pen.font = `${bold ? "600 " : ""}${size}px ${font}`;
  return pen.measureText(text).width;
}

/** Text cut to a width, with an ellipsis. */
export function cut(text: string, room: number, size: number, font: string, bold = false): string {
  if (wide(text, size, font, bold) <= room) return text;
  let kept = text;
  while (kept && wide(`${kept}…`, size, font, bold) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** Bold text in lines of a width: broken at spaces, hyphens, soft hyphens and empty spaces, cut only where nothing else helps. */
export function wrapped(text: string, room: number, size: number, font: string): string[] {
  const bare = (part: string) => part.replace(/[\u00ad\u200b]/g, ""), whole = bare(text);
  if (wide(whole, size, font, true) <= room) return [whole];
  const lines: string[] = [];
  let line = "";
  for (const part of text.split(/(?<=[ \u00ad\u200b-])/)) {
    if (line && wide(bare(line + part).trimEnd(), size, font, true) > room) { lines.push(line); line = ""; }
    line += part;
  }
  return [...lines, line].map((each) => cut(bare(each.replace(/\u00ad$/, "-")).trimEnd(), room, size, font, true));
}

/** The card beside the pointer. */
export function card({ title, lines, foot }: Told): HTMLElement {
  const rows = lines.map(([term, value, ink]) => {
    const name = make("dt", {}, term), mark = make("i");
    if (ink) { mark.style.background = ink; name.prepend(mark); }
    return make("div", {}, name, make("dd", {}, value));
  });
  return make("div", { class: "tip" }, make("strong", {}, title), make("dl", {}, ...rows), ...(foot ? [make("small", {}, foot)] : []));
}

export const spoken = ({ title, lines, foot }: Told): string =>
  [title, ...lines.map(([term, value]) => (term ? `${term}: ${value}` : value)), ...(foot ? [foot] : [])].join("; ");

/** Options that every chart begins with. */
export function base({ theme }: Room, told: (params: never) => Told | null, trigger: "item" | "axis"): EChartsCoreOption {
  return {
    animation: !still.matches, animationDuration: 0, animationDurationUpdate: 200,
    textStyle: { fontFamily: theme.font, color: theme.ink, fontSize: 12 },
    tooltip: {
      trigger, confine: true, // within the picture; also without an arrow, which would be markup with a style, that the policy forbids
      renderMode: "html", transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.rule, borderWidth: 1,
      padding: 0, extraCssText: "border-radius:4px;box-shadow:0 2px 10px rgb(0 0 0/.18)",
      axisPointer: { type: "line", snap: true, animation: false, lineStyle: { color: theme.muted, type: "solid", width: 1 }, label: { show: false } },
      formatter: (params: never) => { const said = told(params); return said ? card(said) : ""; },
    },
  };
}

/** Days since 1970, for axes of dates. */
export const day = (iso: string): number => Date.parse(`${iso}T00:00Z`) / 86_400_000;

/** First days of months between two days, as many as there is room for. */
export function months(first: number, last: number, room: number): number[] {
  const start = new Date(first * 86_400_000), found: number[] = [];
  const count = (last - first) / 30.44;
  const step = [1, 2, 3, 6, 12, 24].find((each) => count / each * 44 <= room) ?? 48;
  for (let at = 0; ; at += 1) {
    const when = Date.UTC(start.getUTCFullYear(), at, 1) / 86_400_000;
    if (when > last) return found;
    if (when >= first && at % step === 0) found.push(when);
  }
}

/** Axis of dates: months, and the year below the first of each. */
export function dates(first: number, last: number, { width, theme, lang }: Room, left: number): object {
  const ticks = months(first, last, width - left);
  const name = new Intl.DateTimeFormat(lang, { month: "short", timeZone: "UTC" });
  const year = new Intl.DateTimeFormat(lang, { year: "numeric", timeZone: "UTC" });
  const of = (tick: number) => new Date(tick * 86_400_000);
  const label = (tick: number) => {
    const at = ticks.indexOf(tick), opens = at === 0 || of(ticks[at - 1]!).getUTCFullYear() !== of(tick).getUTCFullYear();
    return `${name.format(of(tick))}${opens ? `\n${year.format(of(tick))}` : ""}`;
  };
  return {
    type: "value", min: first, max: last, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: theme.muted }, onZero: false },
    axisTick: { show: true, customValues: ticks, lineStyle: { color: theme.muted } },
    axisLabel: { customValues: ticks, formatter: label, color: theme.muted, fontSize: 11, lineHeight: 14, hideOverlap: true },
  };
}

/** Axis of values with pale lines; `write` tells a value in the digits of the language. */
export function values({ theme }: Room, write: (value: number) => string, rest: object = {}): object {
  return {
    type: "value", axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: theme.rule, opacity: 0.7 } }, splitNumber: 4,
    axisLabel: { color: theme.muted, fontSize: 11, formatter: write }, ...rest,
  };
}

export function digits(lang: string): (value: number) => string {
  const form = new Intl.NumberFormat(lang === "en" ? "en-GB" : lang, { maximumFractionDigits: 2 });
  return (value) => form.format(value).replace("-", "−");
}

/** Words at places of the picture, below nothing and in no one's way. */
export function words(found: { text: string; x: number; y: number; bold?: boolean; size?: number; ink?: string }[], { theme, width }: Room): object {
  const children = found.map(({ text, x, y, bold, size = 12, ink }) => ({
    type: "text", style: { text: cut(text, width - x, size, theme.font, bold), x, y, fill: ink ?? (bold ? theme.ink : theme.muted), font: `${bold ? "600 " : ""}${size}px ${theme.font}`, verticalAlign: "middle" },
  }));
  return { type: "custom", coordinateSystem: "none", silent: true, data: [0], animation: false, tooltip: { show: false }, z: 6, renderItem: () => ({ type: "group", silent: true, children }) };
}

/** Names at the ends of lines, moved apart where they would overlap. */
export function ends(found: { name: string; ink: string; at: [number, number] }[], grid: number, names: number, { theme }: Room): object {
  return {
    type: "custom", xAxisIndex: grid, yAxisIndex: grid, silent: true, clip: false, animation: false, tooltip: { show: false }, z: 5, data: found.slice(0, 1).map((line) => line.at),
    renderItem: (params: { coordSys: { y: number; height: number } }, api: { coord: (point: number[]) => [number, number] }) => {
      const placed = found.map((line) => ({ ...line, to: api.coord(line.at) })).sort((a, b) => a.to[1] - b.to[1]), last = params.coordSys.y + params.coordSys.height - 4;
      const y = placed.map((line) => line.to[1]);
      for (let at = 1; at < y.length; at += 1) y[at] = Math.max(y[at]!, y[at - 1]! + 15);
      for (let at = y.length - 1; at >= 0; at -= 1) y[at] = Math.min(y[at]!, at === y.length - 1 ? last : y[at + 1]! - 15);
      return {
        type: "group", silent: true,
        children: placed.map((line, at) => ({ type: "text", style: { text: cut(line.name, names - 8, 12, theme.font, true), x: line.to[0] + 7, y: y[at], fill: line.ink, font: `600 12px ${theme.font}`, verticalAlign: "middle" } })),
      };
    },
  };
}

/** A chart in its box: drawn for its width, again when that or the colours change, and gone through by keys. */
export class Live {
  private chart: EChartsType | null = null;
  private drawing: Drawing | null = null;
  private at = -1;
  private readonly said = make("p", { class: "quiet", role: "status" });

  constructor(private readonly box: HTMLElement, private readonly data: Data, private readonly draw: Draw) {
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", data.alt);
    box.setAttribute("aria-roledescription", word("chart"));
    box.title = "";
    box.after(this.said);
    new ResizeObserver(() => { if (box.isConnected) this.show(); }).observe(box);
    dark.addEventListener("change", () => { if (box.isConnected) this.show(true); });
    box.addEventListener("keydown", (event) => this.steer(event));
    box.addEventListener("blur", () => this.leave());
    this.show();
  }

  private show(again = false): void {
    const width = Math.round(this.box.clientWidth);
    if (!width || (!again && this.chart && width === this.chart.getWidth())) return;
    const drawing = (this.drawing = this.draw(this.data as never, { width, theme: theme(this.box), lang: document.documentElement.lang }));
    this.box.style.minHeight = "0";
    this.box.style.height = `${drawing.height}px`;
    if (!this.chart) {
      this.chart = init(this.box, null, { renderer: "svg", width, height: drawing.height });
      this.chart.on("click", (event) => { const at = (event as { dataIndex?: number }).dataIndex; if (at !== undefined) this.drawing?.click?.(at); });
    } else this.chart.resize({ width, height: drawing.height });
    this.chart.setOption(drawing.option, { notMerge: true });
    this.box.firstElementChild?.setAttribute("aria-hidden", "true");
  }

  private steer(event: KeyboardEvent): void {
    const stops = this.drawing?.stops ?? [], last = stops.length - 1;
    const next = { ArrowRight: this.at + 1, ArrowDown: this.at + 1, ArrowLeft: this.at - 1, ArrowUp: this.at - 1, PageDown: this.at + 10, PageUp: this.at - 10, Home: 0, End: last }[event.key];
    if (event.key === "Escape") { this.leave(); return; }
    if (event.key === "Enter" && this.at >= 0) { this.drawing?.click?.(stops[this.at]!.index); return; }
    if (next === undefined || !stops.length || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.at = Math.min(Math.max(next, 0), last);
    const stop = stops[this.at]!;
    this.chart?.dispatchAction({ type: "downplay" });
    this.chart?.dispatchAction({ type: "highlight", seriesIndex: stop.series, dataIndex: stop.index });
    this.chart?.dispatchAction({ type: "showTip", seriesIndex: stop.series, dataIndex: stop.index });
    this.said.textContent = spoken(stop.told);
  }

  private leave(): void {
    this.at = -1;
    this.chart?.dispatchAction({ type: "downplay" });
    this.chart?.dispatchAction({ type: "hideTip" });
  }
}
