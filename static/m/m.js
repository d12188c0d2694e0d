// The phone's frame: the service worker, the strip "no network", back, a form sent once.
"use strict";
(() => {
  const page = document.documentElement;
  page.classList.add("scripted");
  const all = (what, from = document) => Array.from(from.querySelectorAll(what));

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-again]")) {
      event.preventDefault();
      location.reload();
    } else if (event.target.closest("[data-back]") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  // Without a network only what the device keeps is worth a link.
  if (self.caches) all("[data-kept]").forEach((card) => Promise.all(all("a[data-if-kept]", card).map(async (link) => {
    return !(link.closest("li").hidden = !(await caches.match(link.href)));
  })).then((kept) => { card.hidden = !kept.includes(true); }).catch(() => null));

  const tell = () => all("[data-offline]").forEach((strip) => { strip.hidden = navigator.onLine; });
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();

  // A second tap sends nothing: buttons rest until the answer is there, or the page is come back to. A form of the outbox sees
  // to that itself.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-outbox") || event.defaultPrevented) return;
    setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => all("form:not([data-outbox]) button:disabled").forEach((button) => { button.disabled = false; }));
  // A form that the device has kept holds the token of an older sign-in; the cookie has the one that counts.
  const cookie = (name) => (document.cookie.match(`(?:^|; )(?:__Host-)?${name}=([^;]*)`) || [])[1] || "";
  if (cookie("csrftoken")) all("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = cookie("csrftoken"); });
  all("form[data-at-once]").forEach((form) => form.addEventListener("change", () => form.submit()));

  // The service worker: a new one takes over when a page is opened or put aside, never under somebody's hands.
  const worker = navigator.serviceWorker;
  if (worker) addEventListener("load", async () => {
    const found = await worker.register("/sw.js", { scope: "/m/" }).catch(() => null);
    if (!found) return;
    const takeOver = () => { if (found.waiting) found.waiting.postMessage("take over"); };
    takeOver();
    document.addEventListener("visibilitychange", () => { if (document.hidden) takeOver(); });
    // The forms are kept as this person sees them now.
    const seen = [page.dataset.user, page.className, page.lang].join();
    if (sessionStorage.getItem("gridgovKept") === seen) return;
    (await worker.ready).active.postMessage("fill");
    sessionStorage.setItem("gridgovKept", seen);
  });

  // Signing out: pages are forgotten; the outbox (static/m/outbox.js) is not, and says that it holds something by #unsent.
  const leaving = document.querySelector("[data-sign-out]");
  if (leaving) {
    const unsent = document.getElementById("unsent"), warning = leaving.querySelector("[data-unsent-warning]");
    const warn = () => { warning.hidden = unsent.hidden; };
    new MutationObserver(warn).observe(unsent, { attributes: true });
    warn();
    leaving.addEventListener("submit", (event) => {
      if (!self.caches) return;
      event.preventDefault();
      sessionStorage.removeItem("gridgovKept");
      const forget = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("gridgov-pages-")).map((name) => caches.delete(name))));
      const carried = window.OutboxStore ? window.OutboxStore.forget("carried:").catch(() => null) : null;
      Promise.all([forget.catch(() => null), carried]).then(() => leaving.submit());
    });
  }
})();
