// The one map's time: the day that is shown, a slider for it, and playing the days one after the other.
"use strict";
(() => {
  const { data, state, root, part, say, change, on } = window.oneMap;
  const slider = root.querySelector("[name=day]");
  const STEP = 900; // milliseconds a day stands still when played
  const PATIENCE = 10_000; // after so many the next one is tried, though this one's figures did not come
  const FROM = -30; // where playing begins when today is shown
  const today = new Date(`${data.today}T00:00:00Z`);

  const dayOf = (back) => (Number(back) ? new Date(today.getTime() + Number(back) * 86_400_000).toISOString().slice(0, 10) : "");
  const backOf = (day) => (day ? Math.round((new Date(`${day}T00:00:00Z`) - today) / 86_400_000) : 0);

  function show() {
    const day = state.day || data.today;
    root.querySelectorAll("[data-om-when]").forEach((place) => { place.textContent = say("asOf", { day }); });
    if (!slider) return;
    slider.value = backOf(state.day);
    const words = state.day ? day : `${day} · ${data.words.today}`;
    part("day").textContent = words;
    slider.setAttribute("aria-valuetext", words);
  }

  on("state", (names) => { if (names.has("day")) show(); });
  if (!slider) return;

  let waiting = 0;
  slider.addEventListener("input", () => {
    clearTimeout(waiting);
    part("day").textContent = dayOf(slider.value) || data.today;
    waiting = setTimeout(() => change({ day: dayOf(slider.value) }), 150);
  });

  // --- playing: the next day comes when this one is drawn and has been looked at

  const button = part("play");
  let playing = 0;
  function stop() {
    clearTimeout(playing);
    playing = 0;
    button.setAttribute("aria-pressed", "false");
    button.firstElementChild.textContent = "play_arrow";
    button.title = button.lastElementChild.textContent = data.words.play;
  }

  function next() {
    const back = backOf(state.day);
    if (!back) {
      stop();
      return;
    }
    playing = setTimeout(next, PATIENCE);
    change({ day: dayOf(back + 1) });
  }

  button.addEventListener("click", () => {
    if (playing) {
      stop();
      return;
    }
    button.setAttribute("aria-pressed", "true");
    button.firstElementChild.textContent = "pause";
    button.title = button.lastElementChild.textContent = data.words.pause;
    playing = setTimeout(next, STEP);
    if (!state.day) change({ day: dayOf(FROM) });
  });
  on("figures", () => {
    if (!playing) return;
    clearTimeout(playing);
    playing = setTimeout(next, STEP);
  });
})();
