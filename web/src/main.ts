// Every page: notes that pop up, pictures with their table and downloads, forms that send themselves, jobs.
import "../../src/ytterby/report/templates/briefing.js";
import { upgradeFigures } from "./figures";
import { upgradeForms } from "./forms";
import { upgradeJobs } from "./jobs";

document.documentElement.classList.add("js");
const menu = document.querySelector<HTMLDetailsElement>("details.menu");
const narrow = matchMedia("(max-width: 48rem)");
const fold = () => { if (menu) menu.open = !narrow.matches; };
fold();
narrow.addEventListener("change", fold);
upgradeForms(document);
upgradeFigures(document);
upgradeJobs(document);
