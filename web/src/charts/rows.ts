// Rows of one scale: a name, marks along a track, a label at the right. Charts of rows say only what their marks are.
import { base, cut, wide, wrapped, type Drawing, type Line, type Room, type Told } from "./engine";

export type Mark =
  | { shape: "bar"; from: number; to: number; ink: string; opacity?: number }
  | { shape: "whisker"; from: number; to: number; ink?: string }
  | { shape: "line"; from: number; to: number; ink: string }
  | { shape: "dot" | "ring" | "tick"; at: number; ink: string }
  | { shape: "arrow"; at: number; ink: string };
export interface Row { name: string; group?: string; label: string; strong?: boolean; labelInk?: string; tip: Line[]; marks: Mark[] }
export interface Scale { low: number; high: number; log?: boolean; zero?: boolean; ticks?: [number, string][]; lines?: { at: number; label: string; ink: string }[]; heads?: [string, string]; bare?: boolean; unit?: string }

const NAME = 13, LABEL = 12, TRACK = 14, LINE = 16;
type Shape = Record<string, unknown>;

/** Draw the rows; with groups names stand at the left, else above their tracks. */
export function rows(found: Row[], scale: Scale, room: Room): Drawing {
  const { theme, width } = room, grouped = found.some((row) => row.group);
  const font = theme.font, labelRoom = Math.max(...found.map((row) => wide(row.label, LABEL, font, true)), 0);
  const under = labelRoom > width * 0.34; // long labels stand above the track, at the right
  const left = grouped ? Math.min(Math.max(...found.map((row) => wide(row.name, NAME, font, true))) + 10, width * (width < 480 ? 0.46 : 0.36)) : 0;
  const right = under ? width - 1 : width - labelRoom - 10;
  const inset = 6, across = right - left - 2 * inset;
  const place = (value: number) => {
    const held = Math.min(Math.max(value, scale.low), scale.high);
    const share = scale.log ? Math.log(held / scale.low) / Math.log(scale.high / scale.low) : (held - scale.low) / (scale.high - scale.low || 1);
    return left + inset + across * share;
  };
  /** Names above their tracks lie on the lines of the scale, which must not strike them through. */
  const free = { backgroundColor: theme.paper, padding: [0, 3, 0, 0] };
  const within = (x: number, half: number) => Math.min(Math.max(x, half), width - half);
  /** A head that stands alone may go on in more lines; two share one. */
  const lead = scale.heads && !scale.heads[1] ? wrapped(scale.heads[0], width, 11.5, font) : [];
  const head = (scale.ticks ? 20 : 0) + (scale.heads ? 20 + LINE * Math.max(lead.length - 1, 0) : 0) + (scale.lines?.length ? 16 : 0);
  /** A name above its track goes as far as the label of its own row. */
  const nameRoom = (row: Row) => (grouped ? left - 8 : width - (under ? wide(row.label, LABEL, font, true) + 10 : 0));
  /** Long names go on in a second line; Japanese may be broken before a character of Chinese. */
  const names = found.map((row) => wrapped(row.name.replace(/(?<=[\u3040-\u9fff])(?=[\u4e00-\u9fff])/g, "\u200b"), nameRoom(row), NAME, font));
  const tall = names.map((lines) => (grouped ? 23 : 42) + LINE * (lines.length - 1));
  const tracks = names.map((lines) => (grouped ? 4 + LINE / 2 * (lines.length - 1) : 22 + LINE * (lines.length - 1)));
  let y = head;
  const tops = found.map((row, at) => {
    if (row.group && row.group !== found[at - 1]?.group) y += at ? 30 : 22;
    const top = y;
    y += tall[at]!;
    return top;
  });
  const height = y + (scale.ticks ? 4 : 2);
  const told = (at: number): Told => ({ title: [found[at]!.group, found[at]!.name].filter(Boolean).join(" · "), lines: found[at]!.tip, foot: scale.unit || undefined });
  const one = (at: number) => ({ type: "group", children: row(found[at]!, tops[at]!, at) });

  function row(item: Row, top: number, at: number): Shape[] {
    const middle = top + tracks[at]! + TRACK / 2;
    const found: Shape[] = [
      { type: "rect", shape: { x: 0, y: top, width, height: tall[at]! }, style: { fill: theme.faint, opacity: 0 }, emphasis: { style: { opacity: theme.dark ? 0.55 : 0.75 } } },
      ...item.marks.flatMap((mark) => drawn(mark, middle)),
      { type: "text", silent: true, style: { text: names[at]!.join("\n"), x: 0, y: grouped ? middle : top + 10 + LINE / 2 * (names[at]!.length - 1), lineHeight: LINE, fill: theme.ink, ...(grouped ? { stroke: theme.paper, lineWidth: 3 } : free), font: `${item.strong ? "600 " : ""}${NAME}px ${font}`, verticalAlign: "middle" } },
      { type: "text", silent: true, style: { text: item.label, x: width, y: under ? top + 10 : middle, fill: item.labelInk ?? theme.ink, font: `600 ${LABEL}px ${font}`, align: "right", verticalAlign: "middle" } },
    ];
    if (item.group && item.group !== whole[at - 1]?.group) found.push({ type: "text", silent: true, style: { text: item.group, x: 0, y: top - 11, fill: theme.ink, font: `600 ${NAME}px ${font}`, verticalAlign: "middle" } });
    return found;
  }

  function drawn(mark: Mark, y: number): Shape[] {
    const ink = theme.of(mark.ink ?? "#1a1d21");
    switch (mark.shape) {
      case "bar": {
        const [x1, x2] = [place(mark.from), place(mark.to)].sort((a, b) => a - b) as [number, number];
        const start = mark.from === scale.low && !scale.log ? left : x1;
        return [{ type: "rect", silent: true, shape: { x: start, y: y - TRACK / 2, width: Math.max(x2 - start, 2), height: TRACK }, style: { fill: ink, opacity: mark.opacity ?? 0.88 } }];
      }
      case "line": return [{ type: "line", silent: true, shape: { x1: place(mark.from), y1: y, x2: place(mark.to), y2: y }, style: { stroke: ink, lineWidth: 2 } }];
      case "whisker": {
        const [x1, x2] = [place(mark.from), place(mark.to)];
        const bar = (a: number, b: number, c: number, d: number) => ({ type: "line", silent: true, shape: { x1: a, y1: b, x2: c, y2: d }, style: { stroke: ink, lineWidth: 1.4 } });
        return [bar(x1, y, x2, y), bar(x1, y - 4, x1, y + 4), bar(x2, y - 4, x2, y + 4)];
      }
      case "dot": return [{ type: "circle", silent: true, shape: { cx: place(mark.at), cy: y, r: 5 }, style: { fill: ink, stroke: theme.paper, lineWidth: 1.5 } }];
      case "ring": return [{ type: "circle", silent: true, shape: { cx: place(mark.at), cy: y, r: 5.5 }, style: { fill: "none", stroke: ink, lineWidth: 2 } }];
      case "tick": return [{ type: "rect", silent: true, shape: { x: place(mark.at) - 1.5, y: y - 9, width: 3, height: 18 }, style: { fill: ink } }];
      case "arrow": { const x = right; return [{ type: "polygon", silent: true, shape: { points: [[x - 8, y - 8], [x, y], [x - 8, y + 8]] }, style: { fill: ink } }]; }
    }
  }

  /** Heads, ticks and dated lines: their lines below the rows, their words above. */
  function ground(lines: boolean): Shape {
    const children: Shape[] = [], top = head - 2;
    if (lines && !scale.bare) for (const [at, y] of tops.entries()) children.push({ type: "rect", shape: { x: left, y: y + tracks[at]!, width: right - left, height: TRACK }, style: { fill: theme.faint } });
    if (scale.heads) {
      const text = (words: string, x: number, align: string) => children.push({ type: "text", style: { text: cut(words, width, 11.5, font), x, y: 9, align, verticalAlign: "middle", fill: theme.muted, font: `11.5px ${font}` } });
      if (lead.length) children.push({ type: "text", style: { text: lead.join("\n"), x: left, y: 3, lineHeight: LINE, fill: theme.muted, font: `11.5px ${font}` } });
      else for (const [at, x, align] of [[0, left, "left"], [1, right, "right"]] as const) text(scale.heads[at], x, align);
    }
    for (const [tick, label] of scale.ticks ?? []) {
      const x = place(tick);
      children.push({ type: "line", shape: { x1: x, y1: top - 4, x2: x, y2: height }, style: { stroke: theme.rule, lineWidth: 1 } });
      children.push({ type: "text", style: { text: label, x: within(x, wide(label, 11, font) / 2), y: top - 12, align: "center", verticalAlign: "middle", fill: theme.muted, backgroundColor: theme.paper, padding: [0, 2], font: `11px ${font}` } });
    }
    if (scale.zero) {
      const x = place(0);
      children.push({ type: "line", shape: { x1: x, y1: top, x2: x, y2: height }, style: { stroke: theme.muted, lineWidth: 1 } });
    }
    for (const line of scale.lines ?? []) {
      const x = place(line.at), ink = theme.of(line.ink), half = wide(line.label, 11, font) / 2;
      children.push({ type: "line", shape: { x1: x, y1: 14, x2: x, y2: height - (scale.ticks ? 0 : 2) }, style: { stroke: ink, lineWidth: 1.3, lineDash: [4, 3] } });
      children.push({ type: "text", style: { text: line.label, x: within(x, half), y: 7, align: "center", verticalAlign: "middle", fill: ink, font: `11px ${font}` } });
    }
    return { type: "group", silent: true, children: children.filter((child) => (child.type === "text") !== lines) };
  }

  const start = base(room, (params: { seriesIndex: number; dataIndex: number }) => (params.seriesIndex === 1 ? told(params.dataIndex) : null), "item");
  /** The card stands below its row, or above it where there is no room, and never on it. */
  const beside = (point: number[], params: { dataIndex: number }, _dom: unknown, _rect: unknown, size: { contentSize: number[] }) => {
    const [w, h] = size.contentSize as [number, number], top = tops[params.dataIndex] ?? 0, below = top + tall[params.dataIndex]! + 2;
    return [Math.max(0, Math.min(point[0]! + 12, width - w - 2)), below + h > height + 60 && top > h ? top - h - 4 : below];
  };
  const whole = found;
  const custom = (data: number[], renderItem: unknown, z: number, silent: boolean) => ({ type: "custom", coordinateSystem: "none", data, renderItem, z, silent, animation: false });
  return {
    height,
    option: {
      ...start, tooltip: { ...(start.tooltip as object), confine: false, position: beside },
      series: [custom([0], () => ground(true), 3, true), custom(found.map((_, at) => at), (params: { dataIndex: number }) => one(params.dataIndex), 4, false), custom([0], () => ground(false), 5, true)],
    },
    stops: found.map((_, at) => ({ series: 1, index: at, told: told(at) })),
  };
}

/** Scale over zero and some values. */
export function span(amounts: (number | undefined | null)[]): Scale {
  const known = amounts.filter((value): value is number => typeof value === "number");
  const low = Math.min(0, ...known), high = Math.max(0, ...known);
  return { low, high: high > low ? high : low + 1, zero: low < 0 };
}
