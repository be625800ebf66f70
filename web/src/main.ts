// Every page: notes that pop up, pictures with their table and downloads, charts and maps, views that change in place, jobs.
import "../../src/ytterby/report/templates/briefing.js";
import { listen } from "./ask";
import { upgrade } from "./upgrade";

document.documentElement.classList.add("js");
const menu = document.querySelector<HTMLDetailsElement>("details.menu");
const narrow = matchMedia("(max-width: 48rem)");
const fold = () => { if (menu) menu.open = !narrow.matches; };
fold();
narrow.addEventListener("change", fold);
listen(upgrade);
upgrade(document);
