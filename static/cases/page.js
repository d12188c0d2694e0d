// The page of a case: the way to the next one of the list one came from, its number in the clipboard, all of it on paper.
"use strict";
(() => {
  const trail = JSON.parse(sessionStorage.getItem("caseTrail") || "[]");
  const here = trail.findIndex((href) => href.split("?")[0] === location.pathname);
  for (const [side, step] of [["before", -1], ["after", 1]]) {
    const link = document.querySelector(`[data-trail="${side}"]`), href = here < 0 ? null : trail[here + step];
    if (!link || !href) continue;
    link.href = href;
    link.hidden = false;
  }

  // On paper everything is open: why each deadline, the orders that are over.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".gg-columns details:not([open])")];
    opened.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  const copy = document.querySelector("[data-copy]");
  copy?.addEventListener("click", async () => {
    const words = copy.querySelector("[data-words]"), before = words.textContent;
    try { await navigator.clipboard.writeText(copy.dataset.copy); } catch {
      // Without https there is no clipboard: the number is marked, to be copied by hand.
      getSelection().selectAllChildren(document.querySelector(".gg-casehead .gg-no"));
      return;
    }
    words.textContent = copy.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 2000);
  });
})();
