// The world at 1:50 million in place of the coarse outlines of the server, in the same projection and places.
import { geoEqualEarth, geoPath, type GeoPath, type GeoStream } from "d3-geo";
import { merge, mesh } from "topojson-client";
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from "topojson-specification";

interface Fit { scale: number; corner: [number, number]; middle: number; regions: Record<string, string> }
type Shape = (Polygon | MultiPolygon) & { id?: string; properties?: { name?: string } };
type World = Topology<{ countries: GeometryCollection }>;

const TENTHS = 10; // the paths of a map are in tenths of its units
let asked: Promise<World> | null = null;
let drawn: { key: string; paths: Map<string, string> } | null = null;

/** Put the finer shapes into a map; they are loaded and projected once. */
export async function refine(box: HTMLElement): Promise<void> {
  const address = document.body.dataset.shapes, text = box.querySelector("script[type='application/json']")?.textContent;
  if (!address || !text) return;
  const fit = JSON.parse(text) as Fit;
  const world = await (asked ??= fetch(address).then((reply) => reply.json() as Promise<World>));
  const key = `${fit.scale} ${fit.corner.join(" ")}`;
  if (drawn?.key !== key) drawn = { key, paths: project(world, fit) };
  for (const path of box.querySelectorAll<SVGPathElement>("path[data-region]")) {
    const found = drawn.paths.get(path.dataset.region!);
    if (found) path.setAttribute("d", found);
  }
}

const APART = 4; // [tenths]: points nearer to the last one are left out, which no one sees before the map is drawn three times as near

/** Stream that leaves out points which lie close together; the ends of lines stay. */
function sparse(sink: GeoStream): GeoStream {
  let last: [number, number] | null = null, held: [number, number] | null = null;
  const flush = () => { if (held) sink.point(...held); held = null; };
  return {
    point: (x, y) => {
      if (last && Math.abs(x - last[0]) < APART && Math.abs(y - last[1]) < APART) { held = [x, y]; return; }
      sink.point(x, y);
      last = [x, y];
      held = null;
    },
    lineStart: () => { last = held = null; sink.lineStart(); },
    lineEnd: () => { flush(); sink.lineEnd(); },
    polygonStart: () => sink.polygonStart(),
    polygonEnd: () => sink.polygonEnd(),
    sphere: () => sink.sphere?.(),
  };
}

function project(world: World, { scale, corner, middle, regions }: Fit): Map<string, string> {
  const to = geoEqualEarth().rotate([-middle, 0]).scale(scale * TENTHS).translate([-corner[0] * scale * TENTHS, -corner[1] * scale * TENTHS]).precision(2);
  const path: GeoPath = geoPath({ stream: (sink: GeoStream) => to.stream(sparse(sink)) }).digits(0);
  const of = (shape: Shape) => regions[shape.id ?? shape.properties?.name ?? ""] ?? "ROW";
  const shapes = world.objects.countries.geometries as Shape[], byRegion = new Map<string, Shape[]>();
  for (const shape of shapes) byRegion.set(of(shape), [...(byRegion.get(of(shape)) ?? []), shape]);
  const found = new Map<string, string>();
  for (const [region, own] of byRegion) found.set(region, path(merge(world, own as never)) ?? "");
  found.set("borders", path(mesh(world, world.objects.countries as never, (a, b) => of(a as Shape) !== of(b as Shape))) ?? "");
  return found;
}
