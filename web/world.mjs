// Shapes of the map: Natural Earth at 1:50 million (world-atlas) without Antarctica, without what no page reads.
const CRIMEA = [32, 44, 36.9, 46.5]; // [degrees]; assigned to Russia by Natural Earth, here to Ukraine (UN resolution 68/262)

/** Points of an arc in degrees. */
function degrees({ scale: [sx, sy], translate: [tx, ty] }, arc) {
  let x = 0, y = 0;
  return arc.map(([dx, dy]) => [(x += dx) * sx + tx, (y += dy) * sy + ty]);
}

const polygons = (shape) => (shape.type === "Polygon" ? [shape.arcs] : shape.arcs);

export function world(topology) {
  const places = topology.arcs.map((arc) => degrees(topology.transform, arc));
  const [west, south, east, north] = CRIMEA;
  const inCrimea = (polygon) => polygon[0].every((arc) => places[arc < 0 ? ~arc : arc].every(([x, y]) => x >= west && x <= east && y >= south && y <= north));
  const shapes = topology.objects.countries.geometries.filter((shape) => shape.properties.name !== "Antarctica");
  const of = (name) => shapes.find((shape) => shape.properties.name === name);
  const moved = polygons(of("Russia")).filter(inCrimea);
  of("Russia").arcs = polygons(of("Russia")).filter((polygon) => !inCrimea(polygon));
  Object.assign(of("Ukraine"), { type: "MultiPolygon", arcs: [...polygons(of("Ukraine")), ...moved] });
  const kept = new Map();
  const number = (arc) => {
    const at = arc < 0 ? ~arc : arc;
    if (!kept.has(at)) kept.set(at, kept.size);
    return arc < 0 ? ~kept.get(at) : kept.get(at);
  };
  const geometries = shapes.map(({ type, arcs, id, properties }) => ({
    type, arcs: type === "Polygon" ? arcs.map((ring) => ring.map(number)) : arcs.map((polygon) => polygon.map((ring) => ring.map(number))),
    ...(id ? { id } : { properties: { name: properties.name } }),
  }));
  return { type: "Topology", transform: topology.transform, objects: { countries: { type: "GeometryCollection", geometries } }, arcs: [...kept.keys()].map((at) => topology.arcs[at]) };
}
