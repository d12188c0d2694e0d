// Shows the form of a verb in a dialog. Without this script, or when anything here fails, the link opens it as a page.
"use strict";
(() => {
  const FRAGMENT = "X-Fragment";
  const dialog = document.getElementById("verb-dialog");
  if (!dialog || !dialog.showModal) return;

  async function show(answer, url) {
    if (answer.headers.get("X-Go")) { location.assign(answer.headers.get("X-Go")); return; }
    if (!answer.headers.has(FRAGMENT)) { location.assign(url); return; }
    dialog.innerHTML = await answer.text();
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector(".errors input, .errors textarea, .errors select")
      || dialog.querySelector("input:not([type=hidden]), textarea, select, button");
    if (first) first.focus();
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-verb]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      try {
        await show(await fetch(link.href, { headers: { [FRAGMENT]: "1" } }), link.href);
      } catch { location.assign(link.href); }
    } else if (event.target.closest("#verb-dialog [data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  // An open menu closes when something else is clicked, or at Escape.
  const closeMenus = (but) => document.querySelectorAll("details.gg-menu[open]").forEach((menu) => { if (menu !== but) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.gg-menu")));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(null); });

  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { [FRAGMENT]: "1" } });
      await show(answer, location.href);
    } catch { button.disabled = false; form.submit(); }
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form")?.requestSubmit();
  });
  // What was revealed must not stay behind the glass.
  dialog.addEventListener("close", () => { dialog.innerHTML = ""; });
})();
