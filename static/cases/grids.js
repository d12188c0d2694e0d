// Suggests grids while a code or a name is typed into an input[data-grids], also in dialogs that come later.
"use strict";
(() => {
  let timer = 0;

  function listOf(input) {
    let list = input.list;
    if (!list) {
      list = document.createElement("datalist");
      list.id = `${input.id}-grids`;
      input.after(list);
      input.setAttribute("list", list.id);
    }
    return list;
  }

  async function suggest(input) {
    try {
      const answer = await fetch(`${input.dataset.grids}?q=${encodeURIComponent(input.value)}`);
      if (!answer.ok) return;
      listOf(input).replaceChildren(...(await answer.json()).grids.map(({ code, name }) => new Option(`${name} ${code}`, code)));
    } catch { /* a code can be typed without help */ }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("input[data-grids]")) return;
    clearTimeout(timer);
    timer = setTimeout(suggest, 200, event.target);
  });
})();
