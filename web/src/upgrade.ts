// What a page, or a part of it that is put in, brings with it is made to work.
import { again } from "./ask";
import { upgradeFigures } from "./figures";
import { upgradeForms } from "./forms";
import { upgradeJobs } from "./jobs";
import { upgradeLive } from "./live";
import { upgradeMaps } from "./map";
import { upgradeQueue } from "./queue";
import { upgradeWriter } from "./write";
import { upgradeZoom } from "./zoom";

export function upgrade(root: ParentNode): void {
  upgradeForms(root);
  upgradeFigures(root);
  upgradeJobs(root);
  upgradeMaps(root);
  upgradeZoom(root);
  upgradeQueue(root);
  upgradeWriter(root);
  upgradeLive(root);
  if (document.querySelector("main [data-wait]")) setTimeout(again, 2000);
}
