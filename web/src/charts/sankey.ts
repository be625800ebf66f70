// The chain as flows between stages: nodes of places, ribbons of mass; what a node or ribbon is linked with stands out.
import { base, cut, wide, wrapped, type Drawing, type Room, type Told } from "./engine";

interface Node { id: string; column: number; name: string; breaks: string; share: string; told: string; ink: string }
interface Ribbon { from: string; to: string; value: number; told: string }
interface Chain { heads: string[]; nodes: Node[]; ribbons: Ribbon[] }

export function sankey(data: Chain, room: Room): Drawing {
  const { theme, width } = room, narrow = width < 560;
  const size = narrow ? 10.5 : 12, last = data.heads.length - 1;
  const bar = narrow ? 10 : 14, roomOf = (each: Node) => wide(each.name, size, theme.font, true) + (narrow ? 0 : wide(` ${each.share}`, size, theme.font));
  const longest = Math.max(...data.nodes.filter((each) => each.column === last).map(roomOf));
  const side = narrow ? Math.min(Math.max(longest + 10, 64), 100) : Math.min(Math.max(longest + 14, 100), 220), step = (width - side - bar) / last;
  const node = new Map(data.nodes.map((each) => [each.id, each]));
  const ofNode = (each: Node): Told => ({ title: `${data.heads[each.column]!}: ${each.name}`, lines: [["", `${each.told} (${each.share})`, theme.of(each.ink)]] });
  const ofRibbon = (each: Ribbon): Told => {
    const [from, to] = [node.get(each.from)!, node.get(each.to)!];
    return { title: `${from.name} → ${to.name}`, lines: [[`${data.heads[from.column]!} → ${data.heads[to.column]!}`, each.told, theme.of(from.ink)]] };
  };
  const gap = narrow ? 9 : 11, height = narrow ? 380 : 400, named = new Set(data.nodes.filter((each) => each.column === last).map((each) => each.name));
  const mass = new Map(data.nodes.map((each) => {
    const sum = (side: "from" | "to") => data.ribbons.reduce((total, ribbon) => total + (ribbon[side] === each.id ? ribbon.value : 0), 0);
    return [each.id, Math.max(sum("from"), sum("to"))];
  }));
  const scale = Math.min(...data.heads.map((_, column) => {
    const found = data.nodes.filter((each) => each.column === column);
    return (height - 34 - gap * (found.length - 1)) / found.reduce((total, each) => total + mass.get(each.id)!, 0);
  }));
  const tallOf = (each: Node) => mass.get(each.id)! * scale;
  /** On a phone a small node whose name has no room goes without: its colour is named at the last stage. */
  const text = (each: Node) => {
    if (!narrow) return `{a|${cut(each.name, (each.column === last ? side - 8 : step - 22) - wide(` ${each.share}`, size, theme.font), size, theme.font, true)}} {b|${each.share}}`;
    const lines = wrapped(each.breaks, each.column === last ? side - 6 : step - bar - 6, size, theme.font);
    const whole = lines.length === 1 && lines[0] === each.name, tall = tallOf(each) + gap > lines.length * (size + 1) && !lines.some((line) => line.endsWith("…"));
    return whole || tall || !named.has(each.name) ? lines.map((line) => `{a|${line}}`).join("\n") : "";
  };
  const heads = data.heads.map((head, column) => ({
    type: "text", silent: true, style: { text: cut(head, column < last ? step - 6 : side, narrow ? 11 : 13, theme.font, true), x: column * step, y: 9, fill: theme.ink, font: `600 ${narrow ? 11 : 13}px ${theme.font}`, verticalAlign: "middle" },
  }));
  return {
    height,
    option: {
      ...base(room, (params: { dataType: string; dataIndex: number }) => (params.dataType === "node" ? ofNode(data.nodes[params.dataIndex]!) : params.dataType === "edge" ? ofRibbon(data.ribbons[params.dataIndex]!) : null), "item"),
      series: [{
        type: "sankey", left: 0, top: 28, bottom: 6, width: width - side, nodeWidth: bar, nodeGap: gap, layoutIterations: 0, draggable: false, nodeAlign: "left",
        emphasis: { focus: "adjacency", lineStyle: { opacity: 0.6 } }, blur: { lineStyle: { opacity: 0.06 }, itemStyle: { opacity: 0.3 }, label: { opacity: 0.3 } },
        label: { position: "right", distance: 5, fontSize: size, formatter: (params: { name: string }) => text(node.get(params.name)!), rich: { a: { fontWeight: 600, fontSize: size, lineHeight: size + 1, color: theme.ink, textBorderColor: theme.paper, textBorderWidth: 2 }, b: { fontSize: size, color: theme.muted, textBorderColor: theme.paper, textBorderWidth: 2 } } },
        labelLayout: { hideOverlap: true },
        lineStyle: { color: "source", opacity: 0.32, curveness: 0.5 },
        data: data.nodes.map((each) => ({ name: each.id, depth: each.column, itemStyle: { color: theme.of(each.ink), borderWidth: 0 } })),
        links: data.ribbons.map((each) => ({ source: each.from, target: each.to, value: each.value })),
      }, { type: "custom", coordinateSystem: "none", silent: true, data: [0], animation: false, renderItem: () => ({ type: "group", children: heads }) }],
    },
    stops: data.nodes.map((each, index) => ({ series: 0, index, told: ofNode(each) })),
  };
}
