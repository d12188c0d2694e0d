// Shows the form of a verb in a dialog. Without this script, or when anything here fails, the link opens it as a page.
"use strict";
(() => {
  const FRAGMENT = "X-Fragment";
  const dialog = document.getElementById("verb-dialog");
  if (!dialog || !dialog.showModal) return;

  async function show(answer, url) {
    const go = answer.headers.get("X-Go");
    if (go) {
      // A page that stays where it is says so (static/gridgov/workbench.js).
      if (dialog.dispatchEvent(new CustomEvent("verb-done", { cancelable: true }))) location.assign(go);
      return;
    }
    if (!answer.headers.has(FRAGMENT)) { location.assign(url); return; }
    dialog.innerHTML = await answer.text();
    // unfold would write a file's name into the nearest text field; it leaves inputs alone that say they are looked after.
    dialog.querySelectorAll("input[type=file]").forEach((input) => { input.hasChangeListener = true; });
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector(".errors input, .errors textarea, .errors select")
      || dialog.querySelector("input:not([type=hidden]), textarea, select, button");
    if (first) first.focus();
    // Why it was refused is read first, however long the form is.
    dialog.querySelector(".gg-errors")?.scrollIntoView({ block: "nearest" });
  }

  // The page says how far the history of its row had come; a form opened later tells what has happened since.
  function withSeen(href) {
    const url = new URL(href), seen = document.querySelector("[data-seen]")?.dataset.seen;
    if (seen && !url.searchParams.has("seen")) url.searchParams.set("seen", seen);
    return url;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-verb]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      try {
        await show(await fetch(withSeen(link.href), { headers: { [FRAGMENT]: "1" } }), link.href);
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
  // One that would stand out of the window opens the other way.
  document.addEventListener("toggle", ({ target }) => {
    const items = target.matches("details.gg-menu[open]") && target.querySelector(".gg-menu-items");
    if (!items) return;
    items.classList.remove("gg-leftwards");
    items.classList.toggle("gg-leftwards", items.getBoundingClientRect().right > document.documentElement.clientWidth);
  }, true);

  // Said above the form, which stays as it is: nothing typed is lost.
  function complain(form, words) {
    form.querySelector("[data-complaint]")?.remove();
    const line = document.createElement("p");
    Object.assign(line, { className: "gg-errors", textContent: words });
    line.setAttribute("role", "alert");
    line.dataset.complaint = "";
    form.prepend(line);
  }

  // A form that comes back can't name files: those picked before are put where they were.
  function keepFiles(before) {
    before.querySelectorAll("input[type=file]").forEach((old) => {
      const now = old.files.length ? dialog.querySelector(`input[type=file][name="${old.name}"]`) : null;
      if (now) now.replaceWith(old);
    });
  }

  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    let answer = null;
    const given = new FormData(form);
    // Whoever has signed in again meanwhile, in another tab, has another token: the cookie has the one that counts.
    const token = (document.cookie.match("(?:^|; )(?:__Host-)?csrftoken=([^;]*)") || [])[1];
    if (token) given.set("csrfmiddlewaretoken", token);
    try {
      answer = await fetch(form.action, { method: "POST", body: given, headers: { [FRAGMENT]: "1" } });
    } catch { /* not sent */ }
    if (answer?.headers.has(FRAGMENT)) {
      await show(answer, location.href);
      keepFiles(form);
    } else {
      const { gone, signedOut, failed } = dialog.dataset;
      complain(form, answer?.status === 404 ? gone : answer?.redirected ? signedOut : failed);
      button.disabled = false;
    }
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form")?.requestSubmit();
  });
  // Esc throws nothing away that somebody typed, unless pressed twice.
  let typed = false;
  dialog.addEventListener("input", () => { typed = true; });
  dialog.addEventListener("cancel", (event) => {
    const form = typed && dialog.querySelector("form");
    if (!form) return;
    event.preventDefault();
    typed = false;
    complain(form, dialog.dataset.typed);
  });
  // What was revealed must not stay behind the glass.
  dialog.addEventListener("close", () => { dialog.innerHTML = ""; typed = false; });
})();
