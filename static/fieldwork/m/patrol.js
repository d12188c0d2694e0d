// While a patrol runs and its page is in front: reads the place, a point a minute at most, and draws the own trail on.
"use strict";
(() => {
  const page = document.querySelector("[data-patrol]");
  if (!page) return;
  const find = (what) => document.querySelector(what);
  const told = find("[data-place]"), way = find("[data-way]"), here = find("[data-here]");
  const APART = 60000;
  const patrol = page.dataset.patrol;
  let last = 0, watch = null;
  // A phone whose clock is minutes off would lose its whole trail: then the house's clock counts.
  const off = Number(page.dataset.clock) - Date.now(), skew = Math.abs(off) > 60000 ? off : 0;

  const tell = (state) => { told.textContent = told.dataset[state]; told.dataset.state = state; };
  const draw = async () => {
    const answer = await fetch(page.dataset.line, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const found = await answer.json();
    find("[data-shown-km]").textContent = found.kilometres;
    if (way) way.setAttribute("d", found.line);
    if (here && found.here) {
      here.setAttribute("cx", found.here[0]);
      here.setAttribute("cy", found.here[1]);
    }
    told.dataset.points = found.points;
  };
  const sendAndDraw = async () => {
    const sent = await window.gridgovTrail.send();
    if (watch !== null) tell(sent ? "on" : "unsent");
    if (sent) await draw().catch(() => undefined);
  };
  const take = (position) => {
    const now = Date.now() + skew;
    if (watch === null || now - last < APART) return;
    last = now;
    const { longitude: lng, latitude: lat, accuracy } = position.coords;
    window.gridgovTrail.add(patrol, { at: new Date(now).toISOString(), lng, lat, accuracy, crs: "WGS84" });
    sendAndDraw();
  };
  const stop = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
  };
  const refused = (error) => {
    if (error.code === error.PERMISSION_DENIED) stop();
    if (error.code === error.PERMISSION_DENIED || !last) tell("refused");
  };
  if (navigator.geolocation) {
    tell("waiting");
    watch = navigator.geolocation.watchPosition(take, refused, { enableHighAccuracy: true, maximumAge: 30000, timeout: 60000 });
  } else {
    tell("refused");
  }
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  find("[data-ends]").addEventListener("submit", () => { stop(); if (kept) kept.end(); });

  // Without a network its page is fieldwork/m/walk.html: that goes on with it. What was begun there goes on here, with its points.
  const kept = window.gridgovWalk;
  if (kept) kept.read().then((walk) => {
    if (walk && walk.key && walk.key !== page.dataset.key) return null;
    if (walk && walk.key) {
      walk.points.forEach((point) => window.gridgovTrail.add(patrol, Object.assign({ crs: "WGS84" }, point)));
      sendAndDraw();
    }
    return kept.write({ patrol, since: page.dataset.since, label: page.dataset.label, points: [] });
  }).catch(() => null);

  const shown = find("[data-shown-minutes]"), opened = Date.now(), before = Number(page.dataset.minutes);
  setInterval(() => { shown.textContent = before + Math.floor((Date.now() - opened) / 60000); }, 15000);
})();
