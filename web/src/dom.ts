// Small helpers to make and find elements.

/** Word of the page by its key, as the server wrote it into the body. */
export const word = (key: string): string => document.body.dataset[key] ?? key;

/** New HTML element with attributes and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const item = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) item.setAttribute(name, value);
  item.append(...children);
  return item;
}

/** New SVG element with attributes. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Record<string, string | number> = {}, text = ""
): SVGElementTagNameMap[K] {
  const item = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) item.setAttribute(name, String(value));
  if (text) item.textContent = text;
  return item;
}

/** Data that the server wrote into the page as JSON under an id. */
export function data<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}
