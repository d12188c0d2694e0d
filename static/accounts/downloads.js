// Shows how far each download is, and the page anew when one is ready.
"use strict";
(() => {
  const bars = () => [...document.querySelectorAll("progress[data-download]")];
  async function look() {
    if (!document.hidden) {
      try {
        const found = await (await fetch("progress/", { headers: { Accept: "application/json" } })).json();
        for (const bar of bars()) {
          const [rows, expected, finished] = found[bar.dataset.download] || [0, 1, true];
          if (finished) { location.reload(); return; }
          bar.max = Math.max(expected, 1);
          bar.value = rows;
          const cell = bar.closest("tr").querySelector(".field-rows_now");
          if (cell) cell.textContent = `${rows} / ${expected}`;
        }
      } catch { /* asked again */ }
    }
    setTimeout(look, 2000);
  }
  if (bars().length) setTimeout(look, 1000);
})();
