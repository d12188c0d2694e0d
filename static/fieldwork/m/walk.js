// A patrol without a network: begun, walked and ended on the phone. The outbox tells of its beginning and of its end, with the trail,
// under one key (fieldwork/actions/walks.py); in which order they come, or whether the first comes at all, makes no difference.
"use strict";
(() => {
  const page = document.querySelector("[data-walk]"), outbox = window.Outbox, kept = window.gridgovWalk;
  if (!page || !outbox || !kept) return;
  const find = (what) => page.querySelector(what);
  const begin = find("[data-begin]"), going = find("[data-walking]"), ends = find("[data-ends]"), told = find("[data-place]");
  const APART = 60000;
  let walk = null, watch = null, last = 0;

  const news = (text, bad) => {
    const line = find("[data-news]");
    line.className = bad ? "fault" : "news";
    line.textContent = text;
    line.hidden = !text;
  };
  const two = (number) => ("0" + number).slice(-2);
  const draw = () => {
    begin.hidden = Boolean(walk);
    going.hidden = !walk;
    if (!walk) return;
    const since = new Date(walk.since);
    find("[data-since]").textContent = two(since.getHours()) + ":" + two(since.getMinutes());
    find("[data-what]").textContent = walk.label;
    find("[data-shown-minutes]").textContent = Math.max(0, Math.floor((Date.now() - since) / 60000));
    find("[data-shown-points]").textContent = walk.points.length;
  };

  // --- where

  const tell = (state) => { told.textContent = told.dataset[state]; told.dataset.state = state; };
  const take = (position) => {
    const now = Date.now();
    if (!walk || now - last < APART) return;
    last = now;
    const point = { at: new Date(now).toISOString(), lng: position.coords.longitude, lat: position.coords.latitude, accuracy: position.coords.accuracy };
    walk.points.push(point);
    if (walk.patrol) window.gridgovTrail.add(walk.patrol, Object.assign({ crs: "WGS84" }, point));
    kept.write(walk).then(() => { tell("on"); draw(); }, () => null);
  };
  const stop = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
  };
  const refused = (error) => { if (error.code === error.PERMISSION_DENIED || !last) tell("refused"); };
  const go = () => {
    draw();
    if (!navigator.geolocation) { tell("refused"); return; }
    tell("waiting");
    watch = navigator.geolocation.watchPosition(take, refused, { enableHighAccuracy: true, maximumAge: 30000, timeout: 60000 });
  };

  // --- beginning and end

  const send = (id, label, fields, text) => outbox.add({
    id, user: outbox.user, kind: "patrol", label, fields, text, page: location.pathname, draft: "", files: [],
    action: walk.patrol ? page.dataset.stop.replace("/0/", "/" + walk.patrol + "/") : page.dataset.log.replace("00000000-0000-0000-0000-000000000000", walk.key),
    at: Date.now(), state: "waiting", why: "", tries: 0, next: 0,
  }, []);

  begin.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Array.from(new FormData(begin)).filter((pair) => ["grid", "kind"].includes(pair[0]));
    const words = Array.from(begin.querySelectorAll("input:checked + span, option:checked"));
    walk = { key: outbox.newId(), start: outbox.newId(), since: new Date(Date.now()).toISOString(), fields, label: words.map((one) => one.textContent).join(" · "), points: [] };
    try {
      await kept.write(walk);
      await send(walk.start, page.dataset.begins, walk.fields.concat([["since", walk.since]]), walk.label);
    } catch (error) {
      // A device that can't keep it: then as an ordinary form, which needs the network.
      walk = null;
      begin.submit();
      return;
    }
    news("");
    go();
  });

  ends.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!walk || ends.dataset.busy) return;
    ends.dataset.busy = "yes";
    const id = outbox.newId(), note = ends.elements.note.value, until = new Date(Date.now()).toISOString();
    const over = (heard) => {
      if (heard.detail.id !== id) return;
      document.removeEventListener("outbox", over);
      if (heard.detail.state === "sent") location.assign(heard.detail.answer.url);
      else if (heard.detail.state === "refused") news(heard.detail.why, true);
    };
    document.addEventListener("outbox", over);
    const fields = [["note", note], ["until", until]];
    if (!walk.patrol) fields.push(...walk.fields, ["since", walk.since], ["points", JSON.stringify(walk.points)]);
    try {
      await send(id, page.dataset.finishes, fields, note.slice(0, 60) || walk.label);
    } catch (error) {
      news(page.dataset.full, true);
      delete ends.dataset.busy;
      return;
    }
    stop();
    if (!walk.patrol) await outbox.drop(walk.start).catch(() => null);
    await kept.end();
    walk = null;
    ends.reset();
    delete ends.dataset.busy;
    draw();
    news(outbox.say("stored"));
  });

  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  setInterval(draw, 15000);
  kept.read().then((found) => {
    walk = found;
    if (walk) go();
  });
})();
