// Some minutes before a session ends a line says when, with a button to stay. How much is left is asked of the house: another tab
// may have been used meanwhile. Asking is no use of the session; the button is.
"use strict";
(() => {
  const place = document.getElementById("ending");
  if (!place) return;
  const SECOND = 1000, LOOKED = 20, idle = Number(place.dataset.idle), early = Math.min(180, idle / 3);
  const home = place.parentElement, line = place.firstElementChild, button = place.querySelector("button");
  const [soon, over] = place.querySelectorAll("p"), time = place.querySelector("time");
  let timer = 0, ends = Date.now() + idle * SECOND;

  const ask = async (method) => {
    clearTimeout(timer);
    try {
      const headers = { "X-CSRFToken": (document.cookie.match("(?:^|; )(?:__Host-)?csrftoken=([^;]*)") || [])[1] || place.dataset.token };
      const answer = await fetch(place.dataset.left, { method, headers, credentials: "same-origin", cache: "no-store" });
      if (answer.ok) return show((await answer.json()).left);
    } catch { /* no network: it is asked again */ }
    return show(Math.max(1, (ends - Date.now()) / SECOND));
  };

  const show = (left) => {
    ends = Date.now() + left * SECOND;
    soon.hidden = button.hidden = !left;
    over.hidden = Boolean(left);
    const clock = new Date(ends).toTimeString().slice(0, 5);
    if (left && time.textContent !== clock) time.textContent = clock;
    line.hidden = left > early;
    // Nothing beside an open dialog can be reached.
    const around = (!line.hidden && document.querySelector("dialog[open]")) || home;
    if (place.parentElement !== around) around.prepend(place);
    clearTimeout(timer);
    if (left) timer = setTimeout(ask, Math.max(1, left > early ? left - early : Math.min(left, LOOKED)) * SECOND, "GET");
  };

  button.addEventListener("click", () => ask("POST"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask("GET"); });
  addEventListener("pageshow", (event) => { if (event.persisted) ask("GET"); });
  show(idle);
})();
