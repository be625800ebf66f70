// The charts by the name of their kind.
import { bargain } from "./bargain";
import { bars } from "./bars";
import { budget } from "./budget";
import { dots } from "./dots";
import { drivers } from "./drivers";
import { duties } from "./duties";
import { Live, type Data, type Draw } from "./engine";
import { fan } from "./fan";
import { history } from "./history";
import { limits } from "./limits";
import { near } from "./near";
import { promises } from "./promises";
import { sankey } from "./sankey";
import { signed } from "./signed";
import { spending } from "./spending";
import { statements } from "./statements";
import { stops } from "./stops";
import { timeline } from "./timeline";
import { variance } from "./variance";
import { waterfall } from "./waterfall";

const KINDS: Record<string, Draw> = {
  bargain, bars, budget, dots, drivers, duties, fan, give: signed, history, limits, near, promises, sankey, signed, spending, statements, stops, timeline, variance, waterfall,
} as Record<string, Draw>;

/** Draw a chart into its box; false where its kind is not known. */
export function mount(box: HTMLElement, data: Data): boolean {
  const draw = KINDS[data.kind];
  if (draw) new Live(box, data, draw);
  return Boolean(draw);
}
