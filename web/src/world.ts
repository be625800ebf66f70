import { upgradeFigures } from "./figures";
upgradeFigures(document);
