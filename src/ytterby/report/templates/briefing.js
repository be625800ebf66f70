(() => {
  const box = document.getElementById("pop"), body = box.lastElementChild, close = box.firstElementChild;
  let from = null;
  const hide = (back) => { if (box.hidden) return; box.hidden = true; if (back && from) from.focus(); from = null; };
  const show = (mark, note) => {
    body.replaceChildren(...Array.from(note.childNodes, (node) => node.cloneNode(true)));
    box.hidden = false; from = mark;
    const at = mark.getBoundingClientRect(), wide = box.offsetWidth, page = document.documentElement.clientWidth;
    box.style.left = Math.max(8, Math.min(at.left, page - wide - 8)) + window.scrollX + "px";
    box.style.top = at.bottom + window.scrollY + 6 + "px";
    close.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("a.mark");
    if (mark) {
      const note = document.getElementById(mark.hash.slice(1));
      if (note && from !== mark) { event.preventDefault(); hide(false); show(mark, note); }
    } else if (event.target === close) hide(true);
    else if (!box.contains(event.target)) hide(false);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(true); });
})();
